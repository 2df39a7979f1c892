using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Messaging;
using ClipiaFlows.Delivery;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Notifications;

/// <summary>Makes a CloudEvent of a row of the outbox. The same row gives the same id, however often it is sent.</summary>
public sealed class EventWriter(Tables tables, OutputLinks links)
{
    /// <summary>Length of an event's data at most: a queue message holds 64 KB (48 KB before Base64), the envelope included.</summary>
    public const int LongestData = 40 * 1024;

    // So that a batch which takes a deleted one's id does not take its events' ids.
    private const int SeedShown = 8;

    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The event; it reads the job's rows for what the outbox does not hold.</summary>
    public async Task<CloudEvent> WriteAsync(BatchRow batch, OutboxRow row, CancellationToken cancellation)
    {
        var id = batch.PartitionKey;
        var job = row.N is { } n ? await tables.Jobs.FindAsync<JobRow>(id, RowKeys.Job(n), cancellation) : null;
        var state = row.JobState?.ToString() ?? row.BatchState.ToString()!;
        var data = new EventData
        {
            Batch = id,
            Name = batch.Name,
            Job = row.JobId ?? job?.Id,
            N = row.N,
            Attempt = row.Attempt,
            Model = job?.Model,
            State = state,
            Code = row.Code,
            Message = StoredText.Cut(row.Message),
            Credits = row.ChargedCredits is { } credits ? CreditColumn.Read(credits) : null,
            Outputs = row is { JobState: JobState.Succeeded, N: { } number, Attempt: { } attempt }
                ? await OutputsAsync(id, number, attempt, cancellation)
                : null,
        };
        var kind = row.N is null ? "batch" : "job";
        return new CloudEvent(
            $"/batches/{id}", $"com.clipiaflows.{kind}.{JsonNamingPolicy.CamelCase.ConvertName(state)}",
            new BinaryData(Serialize(data)), "application/json", CloudEventDataFormat.Json)
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{id}-{batch.Seed[..Math.Min(batch.Seed.Length, SeedShown)]}-{row.Sequence}"),
            Subject = data.Job is { } name ? $"jobs/{name}" : null,
            Time = row.At,
        };
    }

    private async Task<List<EventOutput>> OutputsAsync(string batch, int n, int attempt, CancellationToken cancellation)
    {
        var row = await tables.Jobs.FindAsync<AttemptRow>(batch, RowKeys.Attempt(n, attempt), cancellation);
        return row?.FilesJson is { } files
            ? [.. JsonSerializer.Deserialize<List<StoredOutput>>(files)!.Select(file =>
                new EventOutput(file.Path, links.For(batch, file.Path), file.Url, file.ContentType, file.Bytes, file.Sha256))]
            : [];
    }

    /// <summary>Leaves out as many of the last files as needed.</summary>
    private static byte[] Serialize(EventData data)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(data, Json);
        for (var left = data.Outputs?.Count ?? 0; bytes.Length > LongestData && left > 0;)
        {
            left = Math.Min(left - 1, (int)((long)left * LongestData / bytes.Length));
            bytes = JsonSerializer.SerializeToUtf8Bytes(data with { Outputs = [.. data.Outputs!.Take(left)], Truncated = true }, Json);
        }

        return bytes;
    }
}
