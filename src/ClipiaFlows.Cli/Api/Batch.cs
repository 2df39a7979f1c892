using System.Text.Json;

namespace ClipiaFlows.Cli.Api;

/// <summary>The state of a batch, as the app tells it; the reason says why it is paused or has failed.</summary>
internal sealed record Batch(string Id, string? Name, string State, string? Reason, JobCounts Jobs, BatchCredits Credits)
{
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>What its jobs wait for that are not running.</summary>
    public IReadOnlyList<WaitingJobs> WaitingFor { get; init; } = [];

    /// <summary>The answer as it came, for machines.</summary>
    public JsonElement Raw { get; init; }

    /// <summary>Nothing more will happen to it by itself.</summary>
    public bool IsTerminal => State is "Completed" or "CompletedWithFailures" or "Canceled" or "Failed";

    /// <summary>It waits for somebody: paused, or to be approved, with nothing under way.</summary>
    public bool IsWaitingForSomebody =>
        State is "AwaitingApproval" || (State is "Paused" && Jobs.Submitting + Jobs.Generating + Jobs.Copying == 0);

    /// <summary>Every job succeeded.</summary>
    public bool IsSuccess => State == "Completed" && Jobs.Succeeded == Jobs.Total;
}

/// <summary>How many jobs are in which state.</summary>
internal sealed record JobCounts(
    int Total, int Waiting, int Ready, int Submitting, int Generating, int Copying,
    int Succeeded, int Failed, int Canceled, int Skipped, int Unresolved)
{
    /// <summary>Jobs to which nothing more will happen.</summary>
    public int Finished => Succeeded + Failed + Canceled + Skipped + Unresolved;

    /// <summary>The counts that are not zero, in the order in which a job goes through the states.</summary>
    public IEnumerable<(string State, int Count)> Present() =>
        new[]
        {
            ("waiting", Waiting), ("ready", Ready), ("submitting", Submitting), ("generating", Generating), ("copying", Copying),
            ("succeeded", Succeeded), ("failed", Failed), ("canceled", Canceled), ("skipped", Skipped), ("unresolved", Unresolved),
        }.Where(pair => pair.Item2 > 0);
}

/// <summary>Credits of a batch.</summary>
internal sealed record BatchCredits(decimal? Estimated, decimal? Reserved, decimal? Charged)
{
    public decimal? Budget { get; init; }
}
