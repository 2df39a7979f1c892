namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>A request to storage, as a fault sees it.</summary>
/// <param name="Service"><c>blob</c> or <c>table</c>.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path without the account.</param>
/// <param name="Partition">The partition of a table that it is about, if it says so.</param>
internal sealed record StorageCall(string Service, string Method, string Path, string? Partition)
{
    public bool IsRead => Method is "GET" or "HEAD";
}

/// <summary>What a fault does to a request.</summary>
internal enum StorageFate
{
    /// <summary>Nothing.</summary>
    Served,

    /// <summary>It is not done and answered with 503, <c>Retry-After</c> 1.</summary>
    Busy,

    /// <summary>It is not done and answered with 500.</summary>
    Error,

    /// <summary>It is done, and the connection breaks before the answer.</summary>
    AnswerLost,

    /// <summary>It is done, and answered with 500 as a timeout of the service is.</summary>
    DoneButError,

    /// <summary>It is done twice, as when a network repeats it, and the second answer comes back.</summary>
    DoneTwice,

    /// <summary>It waits for a second before it is done.</summary>
    Slow,
}
