namespace ClipiaFlows.Stores;

/// <summary>
/// The batch's papers in Blob Storage: manifests, plans, deliveries, large requests, receipts. A name is
/// <c>container/path</c>. Implemented over Blob Storage and, for tests in virtual time, in memory.
/// </summary>
public interface IStateBlobs
{
    /// <summary>Stores the content unless the name is taken. May be repeated.</summary>
    /// <returns><c>false</c> when the name was taken; nothing is changed then.</returns>
    Task<bool> TryAddAsync(string name, Stream content, string contentType, CancellationToken cancellation);

    /// <summary>Stores the content under the name, whatever stands there. May be repeated.</summary>
    Task PutAsync(string name, Stream content, string contentType, CancellationToken cancellation);

    /// <summary>The content, which can be read from any position, or <c>null</c> when there is no such name.</summary>
    Task<Stream?> OpenAsync(string name, CancellationToken cancellation);

    /// <summary>The whole content, or <c>null</c> when there is no such name.</summary>
    Task<ReadOnlyMemory<byte>?> ReadAsync(string name, CancellationToken cancellation);

    /// <summary>A part of the content, or <c>null</c> when there is no such name.</summary>
    Task<ReadOnlyMemory<byte>?> ReadAsync(string name, long offset, int length, CancellationToken cancellation);

    /// <summary>Deletes every name that begins so. May be repeated.</summary>
    Task DeleteAllAsync(string prefix, CancellationToken cancellation);
}
