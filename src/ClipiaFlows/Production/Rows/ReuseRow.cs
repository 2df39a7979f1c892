using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Rows;

/// <summary>
/// A row of the Batches table: the outputs of a job that succeeded, under what makes another job equal to it. Put before the
/// job's end is recorded; a later one of the same key replaces it.
/// </summary>
public sealed class ReuseRow : Row
{
    /// <summary>The batch that made it.</summary>
    public string Batch { get; set; } = "";

    /// <summary>The id of the job that made it.</summary>
    public string JobId { get; set; } = "";

    /// <summary>The attempt that made it.</summary>
    public int Attempt { get; set; }

    /// <summary>The upstream output object.</summary>
    public string OutputJson { get; set; } = "";

    /// <summary>The stored files, as JSON: an array of <see cref="StoredOutput"/>.</summary>
    public string FilesJson { get; set; } = "";

    /// <summary>When it was made.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>The partition of a key: what every batch may take, or what only one's own jobs may.</summary>
    public static string Partition(string? batch, string reuseKey) => batch is null ? $"reuse|{reuseKey[..2]}" : $"reuse|{batch}";
}
