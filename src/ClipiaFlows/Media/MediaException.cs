namespace ClipiaFlows.Media;

/// <summary>Why a file could not be had.</summary>
/// <param name="code">Machine-readable code, such as <c>media_type_refused</c>.</param>
/// <param name="message">The same for people.</param>
/// <param name="mayPass">Whether trying again later can help.</param>
/// <param name="inner">What broke underneath.</param>
public sealed class MediaException(string code, string message, bool mayPass, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Machine-readable code.</summary>
    public string Code { get; } = code;

    /// <summary>Whether trying again later can help.</summary>
    public bool MayPass { get; } = mayPass;

    /// <summary>How long the host asks to wait; <c>null</c> when it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
