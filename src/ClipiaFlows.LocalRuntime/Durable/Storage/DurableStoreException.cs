namespace ClipiaFlows.LocalRuntime.Durable.Storage;

/// <summary>
/// The durable state cannot be used: held by another process, damaged, changed by others, written by a newer version; or not
/// now, because the disk is full or another program holds a lock, in which case trying again later is right.
/// </summary>
public sealed class DurableStoreException : Exception
{
    /// <summary>With the sentence that tells the user what to do.</summary>
    public DurableStoreException(string message)
        : base(message)
    {
    }

    /// <summary>With the sentence that tells the user what to do, and what it comes from.</summary>
    public DurableStoreException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
