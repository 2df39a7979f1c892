using Azure;

namespace ClipiaFlows.Stores;

/// <summary>
/// Storage does not take what was to be written, and will not take it later either: it is too large or malformed. Names operation
/// and size, never contents.
/// </summary>
public sealed class StorageRejectedException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The code in answers, and the reason for which a batch is paused.</summary>
    public const string Code = "storage_rejected";

    /// <summary>Whether an answer of storage means that the request itself was at fault, so that it would be refused again.</summary>
    public static bool IsRejection(RequestFailedException failure) => failure.Status is 400 or 411 or 413 or 414 or 415 or 431;

    /// <summary>Of what storage answered.</summary>
    /// <param name="operation">What was written where.</param>
    /// <param name="bytes">How much of it, where that is known.</param>
    /// <param name="failure">The answer.</param>
    public static StorageRejectedException Of(string operation, long? bytes, RequestFailedException failure)
    {
        var size = bytes is null ? "" : $" of {bytes} bytes";
        return new($"Storage refused {operation}{size}: it answered {failure.Status} {failure.ErrorCode}.".Replace(" .", ".", StringComparison.Ordinal), failure);
    }
}
