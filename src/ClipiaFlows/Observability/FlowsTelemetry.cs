using System.Diagnostics;
using System.Diagnostics.Metrics;
using ClipiaFlows.Production;

namespace ClipiaFlows.Observability;

/// <summary>
/// What the product tells OpenTelemetry; docs/telemetry.md is the contract, and a test compares both. Ids, numbers, states
/// and codes; never prompts, keys, signatures or addresses.
/// </summary>
public static class FlowsTelemetry
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string SourceName = "ClipiaFlows";

    internal static readonly ActivitySource Source = new(SourceName);

    private static readonly Meter Meter = new(SourceName);

    private static readonly Counter<long> Submissions = Meter.CreateCounter<long>(
        "clipiaflows.submissions", "{submission}", "Submissions that got a definite or an unknown answer.");

    private static readonly Counter<long> Results = Meter.CreateCounter<long>(
        "clipiaflows.results", "{result}", "Results of completed generations, by the way that brought them.");

    private static readonly Histogram<double> ResumeLatency = Meter.CreateHistogram<double>(
        "clipiaflows.resume.latency", "s", "From an accepted delivery to the activity that copies its outputs.");

    private static readonly Counter<long> Deliveries = Meter.CreateCounter<long>(
        "clipiaflows.webhook.deliveries", "{delivery}", "Deliveries received, by what became of them.");

    private static readonly Counter<long> JobOutcomes = Meter.CreateCounter<long>(
        "clipiaflows.job.outcomes", "{job}", "Jobs that ended, each counted once.");

    private static readonly Counter<double> Spent = Meter.CreateCounter<double>(
        "clipiaflows.credits.spent", "{credit}", "Credits charged for jobs that ended.");

    private static readonly Counter<long> BatchOutcomes = Meter.CreateCounter<long>(
        "clipiaflows.batch.outcomes", "{batch}", "Batches that ended.");

    private static readonly Counter<long> Copies = Meter.CreateCounter<long>(
        "clipiaflows.copies", "{output}", "Outputs stored.");

    private static readonly Counter<long> CopiedBytes = Meter.CreateCounter<long>(
        "clipiaflows.copy.bytes", "By", "Bytes of the outputs stored.");

    private static readonly Histogram<double> CopyDuration = Meter.CreateHistogram<double>(
        "clipiaflows.copy.duration", "s", "From the first byte of an output to its stored blob.");

    internal static readonly Gauge<long> Batches = Meter.CreateGauge<long>(
        "clipiaflows.batches", "{batch}", "Batches that are not finished.");

    internal static readonly Gauge<long> Jobs = Meter.CreateGauge<long>(
        "clipiaflows.jobs", "{job}", "Jobs of the batches that are not finished, by state.");

    internal static readonly Gauge<double> OldestAge = Meter.CreateGauge<double>(
        "clipiaflows.job.oldest_age", "s", "How long the job has been under way that has been so for the longest time.");

    internal static readonly Gauge<double> Reserved = Meter.CreateGauge<double>(
        "clipiaflows.credits.reserved", "{credit}", "Credits reserved for jobs that are under way.");

    internal static readonly Gauge<double> BudgetUsed = Meter.CreateGauge<double>(
        "clipiaflows.budget.used", "1", "The largest part of its budget that a batch has spent or reserved.");

    internal static void Submitted(string model, string? refusal)
    {
        var tags = new TagList { { "clipia.model", model }, { "clipiaflows.outcome", refusal is null ? "accepted" : "refused" } };
        if (refusal is not null)
            tags.Add("error.type", refusal);
        Submissions.Add(1, tags);
    }

    internal static void ResultCame(bool byWebhook) => Results.Add(1, Tag("clipiaflows.via", byWebhook ? "webhook" : "poll"));

    internal static void Resumed(TimeSpan after) => ResumeLatency.Record(Math.Max(0, after.TotalSeconds));

    internal static void Delivered(string outcome, string? reason = null)
    {
        var tags = new TagList { { "clipiaflows.outcome", outcome } };
        if (reason is not null)
            tags.Add("clipiaflows.reason", reason);
        Deliveries.Add(1, tags);
    }

    internal static void JobEnded(JobState state, string? code, decimal charged)
    {
        var tags = new TagList { { "clipiaflows.state", state.ToString() } };
        if (code is not null)
            tags.Add("error.type", code);
        JobOutcomes.Add(1, tags);
        if (charged > 0)
            Spent.Add((double)charged);
    }

    internal static void BatchEnded(BatchState state) => BatchOutcomes.Add(1, Tag("clipiaflows.state", state.ToString()));

    internal static void Copied(string contentType, long bytes, TimeSpan duration)
    {
        var tag = Tag("clipiaflows.media_type", contentType);
        Copies.Add(1, tag);
        CopiedBytes.Add(bytes, tag);
        CopyDuration.Record(duration.TotalSeconds, tag);
    }

    internal static KeyValuePair<string, object?> Tag(string name, object? value) => new(name, value);
}
