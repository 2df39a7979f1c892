using System.Globalization;
using System.Text.Json.Serialization;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Status;

namespace ClipiaFlows.Delivery;

/// <summary>One of the other files of a receipt.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256 in lower-case hex.</param>
public sealed record ReceiptFile(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("bytes")] long Bytes,
    [property: JsonPropertyName("sha256")] string Sha256);

/// <summary>Whether the jobs add up to what the batch says.</summary>
/// <param name="Matches">Whether they do.</param>
/// <param name="ChargedByJobs">The sum of what each job was charged.</param>
/// <param name="Differences">What does not, for people; each is a fault of the app and worth a report.</param>
public sealed record Reconciliation(
    [property: JsonPropertyName("matches")] bool Matches,
    [property: JsonPropertyName("chargedByJobs")] decimal ChargedByJobs,
    [property: JsonPropertyName("differences")] IReadOnlyList<string> Differences)
{
    /// <summary>Compares the batch's counters with the sums of its jobs.</summary>
    public static Reconciliation Of(BatchRow batch, ReceiptSums sums)
    {
        var differences = new List<string>();
        Compare("Charged credits", batch.Charged, sums.Charged);
        Compare("Succeeded jobs", batch.Succeeded, sums.Of(JobState.Succeeded));
        Compare("Failed jobs", batch.Failed, sums.Of(JobState.Failed));
        Compare("Canceled jobs", batch.Canceled, sums.Of(JobState.Canceled));
        Compare("Skipped jobs", batch.Skipped, sums.Of(JobState.Skipped));
        Compare("Unresolved jobs", batch.Unresolved, sums.Of(JobState.Unresolved));
        Compare("Reserved credits", batch.Reserved, 0);
        return new(differences.Count == 0, sums.Charged, differences);

        void Compare(string what, decimal ofBatch, decimal ofJobs)
        {
            if (ofBatch != ofJobs)
                differences.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: the batch says {ofBatch}, its jobs add up to {ofJobs}."));
        }
    }
}

/// <summary>The content of <c>summary.json</c>: the batch as the HTTP API shows it, and what only its end tells.</summary>
public sealed record ReceiptSummary
{
    /// <summary>The batch with counts and credits.</summary>
    [JsonPropertyName("batch")]
    public required BatchView Batch { get; init; }

    /// <summary>When the receipt was written.</summary>
    [JsonPropertyName("writtenAt")]
    public required DateTimeOffset WrittenAt { get; init; }

    /// <summary>Stored files of all jobs.</summary>
    [JsonPropertyName("outputFiles")]
    public required int OutputFiles { get; init; }

    /// <summary>Their bytes.</summary>
    [JsonPropertyName("outputBytes")]
    public required long OutputBytes { get; init; }

    /// <summary>Jobs that took the outputs of earlier ones.</summary>
    [JsonPropertyName("reusedJobs")]
    public required int ReusedJobs { get; init; }

    /// <summary>Whether the jobs add up.</summary>
    [JsonPropertyName("reconciliation")]
    public required Reconciliation Reconciliation { get; init; }

    /// <summary>What the API said of the account.</summary>
    [JsonPropertyName("account")]
    public required AccountStatement Account { get; init; }

    /// <summary>How far others have been told, when the receipt was written.</summary>
    [JsonPropertyName("notifications")]
    public required IReadOnlyList<TargetView> Notifications { get; init; }

    /// <summary>The other files.</summary>
    [JsonPropertyName("files")]
    public required IReadOnlyList<ReceiptFile> Files { get; init; }

    /// <summary>Puts it together.</summary>
    public static ReceiptSummary Of(
        BatchRow batch, ReceiptSums sums, AccountStatement account, IReadOnlyList<TargetView> targets, IReadOnlyList<ReceiptFile> files, DateTimeOffset now) => new()
    {
        Batch = BatchView.Of(batch),
        WrittenAt = now,
        OutputFiles = sums.Files,
        OutputBytes = sums.Bytes,
        ReusedJobs = sums.Reused,
        Reconciliation = Reconciliation.Of(batch, sums),
        Account = account,
        Notifications = targets,
        Files = files,
    };
}
