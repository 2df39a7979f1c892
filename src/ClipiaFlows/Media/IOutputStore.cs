namespace ClipiaFlows.Media;

/// <summary>Which output a file is: what its metadata says, so that a repeated copy recognizes its own work.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Attempt">The attempt that produced it.</param>
/// <param name="Index">Which of the attempt's outputs it is, from 0.</param>
/// <param name="Seed">The seed of its batch: a deleted and repeated batch id has another.</param>
public sealed record OutputIdentity(string Job, int Attempt, int Index, string Seed = "")
{
    private const int SeedShown = 8;

    /// <summary>As much of <see cref="Seed"/> as is stored with a file.</summary>
    public string Batch => Seed[..Math.Min(Seed.Length, SeedShown)];
}

/// <summary>A stored file.</summary>
/// <param name="Uri">Its address in Blob Storage.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256, in lower-case hex.</param>
public sealed record StoredFile(Uri Uri, long Bytes, string Sha256);

/// <summary>
/// The outputs of all batches. Implemented over Blob Storage and, for tests in virtual time, in memory.
/// </summary>
public interface IOutputStore
{
    /// <summary>
    /// Stores a file with its identity and hash as metadata, all or nothing. May be repeated: a file of the same identity is
    /// kept as it is; one of an older attempt of the same job is replaced, and so is what a deleted batch of the same id left.
    /// </summary>
    /// <exception cref="MediaException"><c>output_path_taken</c>: the path holds something else; or the content's own.</exception>
    Task<StoredFile> SaveAsync(
        string batch, string path, MediaType type, OutputIdentity identity, Stream content, CancellationToken cancellation);

    /// <summary>Opens a stored file, from which nothing has been read then; <c>null</c> when there is none.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="path">The path below its folder.</param>
    /// <param name="maxPart">How many bytes are fetched at a time: the length of what is going to be read, if that is known.</param>
    /// <param name="cancellation">Ends the look.</param>
    Task<StoredContent?> OpenAsync(string batch, string path, long maxPart, CancellationToken cancellation);

    /// <summary>Whether a file of that content is stored there. May be repeated.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="path">The path below its folder.</param>
    /// <param name="sha256">The content's hash.</param>
    /// <param name="cancellation">Ends the look.</param>
    Task<bool> HasAsync(string batch, string path, string sha256, CancellationToken cancellation);

    /// <summary>Deletes the file of that identity, if it is stored there. May be repeated.</summary>
    Task DeleteAsync(string batch, string path, OutputIdentity identity, CancellationToken cancellation);

    /// <summary>Deletes every output of a batch. May be repeated.</summary>
    Task DeleteAllAsync(string batch, CancellationToken cancellation);
}
