using System.Text.Json;
using System.Text.Json.Serialization;
using ClipiaFlows.Planning;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;

namespace ClipiaFlows.Status;

/// <summary>Something that happened to a job.</summary>
/// <param name="At">When.</param>
/// <param name="What">
/// <c>accepted</c>, <c>ready</c>, <c>claimed</c>, <c>submitting</c>, <c>generating</c>, <c>delivered</c> (by a webhook),
/// <c>polled</c> (the result was asked for and was there), <c>copying</c>, or the state it ended in.
/// </param>
/// <param name="Attempt">The attempt, when it belongs to one.</param>
/// <param name="Note">More for people.</param>
public sealed record JobMoment(
    [property: JsonPropertyName("at")] DateTimeOffset At,
    [property: JsonPropertyName("what")] string What,
    [property: JsonPropertyName("attempt")] int? Attempt = null,
    [property: JsonPropertyName("note"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Note = null);

/// <summary>A job with everything that is known about it.</summary>
public sealed record JobDetail
{
    /// <summary>The job as lists show it.</summary>
    [JsonPropertyName("job")]
    public required JobView Job { get; init; }

    /// <summary>The API's estimate for one attempt, in credits.</summary>
    [JsonPropertyName("estimate")]
    public required decimal Estimate { get; init; }

    /// <summary>Its priority.</summary>
    [JsonPropertyName("priority")]
    public required int Priority { get; init; }

    /// <summary>Where it stands in the manifest, as a JSON pointer.</summary>
    [JsonPropertyName("pointer")]
    public string? Pointer { get; init; }

    /// <summary>Its input as planned; references to other jobs' outputs are not resolved.</summary>
    [JsonPropertyName("input")]
    public JsonElement? Input { get; init; }

    /// <summary>Ids of the jobs that it needs.</summary>
    [JsonPropertyName("needs")]
    public required IReadOnlyList<string> Needs { get; init; }

    /// <summary>What happened to it, in order.</summary>
    [JsonPropertyName("timeline")]
    public required IReadOnlyList<JobMoment> Timeline { get; init; }

    /// <summary>Puts it together.</summary>
    public static JobDetail Of(
        BatchRow batch, JobRow job, JobView shown, IReadOnlyList<AttemptRow> attempts, PlannedJob? plan, IReadOnlyList<string> needs) => new()
    {
        Job = shown,
        Estimate = job.Estimate,
        Priority = job.Priority,
        Pointer = plan?.Pointer,
        Input = plan?.Input,
        Needs = needs,
        Timeline = [.. MomentsOf(batch, job, attempts).OrderBy(moment => moment.At)],
    };

    private static IEnumerable<JobMoment> MomentsOf(BatchRow batch, JobRow job, IReadOnlyList<AttemptRow> attempts)
    {
        yield return new(batch.CreatedAt, "accepted");
        if (job.ReadyAt is { } ready)
            yield return new(ready, "ready", job.Attempt);
        if (job.ClaimedAt is { } claimed)
            yield return new(claimed, "claimed", job.Attempt);
        foreach (var moment in attempts.SelectMany(MomentsOf))
            yield return moment;
        if (job.FinishedAt is { } ended && !attempts.Any(attempt => attempt.Attempt == job.Attempt && attempt.FinishedAt is not null))
            yield return new(ended, NameOf(job.State), Note: job.Message);
    }

    private static IEnumerable<JobMoment> MomentsOf(AttemptRow attempt)
    {
        if (attempt.FrozenAt is { } frozen)
            yield return new(frozen, "submitting", attempt.Attempt);
        if (attempt.SubmittedAt is { } submitted)
            yield return new(submitted, "generating", attempt.Attempt, attempt.RequestId);
        if (attempt.DeliveredAt is { } delivered)
            yield return new(delivered, attempt.ByWebhook ? "delivered" : "polled", attempt.Attempt);
        if (attempt.CopyingAt is { } copying)
            yield return new(copying, "copying", attempt.Attempt);
        if (attempt.FinishedAt is { } ended)
            yield return new(ended, NameOf(attempt.State), attempt.Attempt, attempt.Message ?? attempt.Code);
    }

    private static string NameOf(JobState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());
}
