namespace Clipia;

/// <summary>One call of the API, however often it is sent.</summary>
/// <param name="Operation">Its name in logs, traces and metrics.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Escaped path below the base address, from <c>/v1</c> on.</param>
internal sealed record Call(string Operation, HttpMethod Method, string Path)
{
    public string? Model { get; init; }

    public ReadOnlyMemory<byte>? Body { get; init; }

    public string? IdempotencyKey { get; init; }

    /// <summary>The most that one attempt takes as a rule; the client's own limit holds as well.</summary>
    public TimeSpan UsualTimeout { get; init; } = System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>The caller's wishes.</summary>
    public CallPatience? Patience { get; init; }
}
