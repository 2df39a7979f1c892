using System.Diagnostics;
using ClipiaFlows.Durable;
using ClipiaFlows.Production;

namespace ClipiaFlows.Observability;

/// <summary>
/// The spans of a batch and its jobs. One trace holds a batch from its manifest to its last file: rows and inputs carry the
/// context of the span that accepted it, because hours, restarts and messages lie between its steps.
/// </summary>
public static class FlowSpans
{
    /// <summary>The accepting of a manifest: the root of the batch's trace, or a child of its caller's.</summary>
    internal static Activity? Accept() => Start("batch.accept", ActivityKind.Server, Caller());

    /// <summary>One of a batch's activities.</summary>
    /// <param name="name">Name of the span.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="activity">The activity itself.</param>
    public static async Task<BatchStep> OfBatch(string name, BatchRef batch, Func<Task<BatchStep>> activity)
    {
        using var span = Start(name, ActivityKind.Internal, Parse(batch.TraceParent));
        span?.SetTag("clipiaflows.batch", batch.Batch);
        return await Watch(span, activity, step => step.Kind.ToString());
    }

    /// <summary>One of a job's activities.</summary>
    /// <param name="name">Name of the span.</param>
    /// <param name="job">The attempt.</param>
    /// <param name="activity">The activity itself.</param>
    public static async Task<JobStep> OfJob(string name, JobAttempt job, Func<Task<JobStep>> activity)
    {
        using var span = Start(name, ActivityKind.Internal, Parse(job.TraceParent));
        Describe(span, job.Batch, job.N, job.Attempt);
        return await Watch(span, activity, step => step.Kind.ToString());
    }

    /// <summary>A delivery: part of its job's trace, and linked to the step that asked for it.</summary>
    internal static Activity? Delivery(string? traceParent, string batch, int n, int attempt)
    {
        var job = Parse(traceParent);
        ActivityLink[]? link = job == default ? null : [new ActivityLink(job)];
        var span = FlowsTelemetry.Source.StartActivity("webhook.receive", ActivityKind.Server, job, links: link);
        Describe(span, batch, n, attempt);
        return span;
    }

    /// <summary>The storing of one output, within the activity that copies.</summary>
    internal static Activity? Store() => FlowsTelemetry.Source.StartActivity("output.store");

    /// <summary>The span of ours that is under way, for a row or an input to carry; <c>null</c> when nobody listens.</summary>
    internal static string? Current => Activity.Current is { Source.Name: FlowsTelemetry.SourceName } span ? span.Id : null;

    private static void Describe(Activity? span, string batch, int n, int attempt)
    {
        if (span is null)
            return;
        span.SetTag("clipiaflows.batch", batch);
        span.SetTag("clipiaflows.job", n);
        span.SetTag("clipiaflows.attempt", attempt);
        span.SetTag("clipiaflows.instance", InstanceIds.ForJob(batch, n, attempt));
    }

    private static async Task<T> Watch<T>(Activity? span, Func<Task<T>> activity, Func<T, string> outcome)
    {
        try
        {
            var step = await activity();
            span?.SetTag("clipiaflows.step", outcome(step));
            return step;
        }
        catch (Exception accident)
        {
            // The message may quote an address; the type does not.
            span?.SetTag("error.type", accident.GetType().FullName);
            span?.SetStatus(ActivityStatusCode.Error);
            throw;
        }
    }

    /// <summary>A span under that parent; the invocation of the host, which has a trace of its own, is linked.</summary>
    private static Activity? Start(string name, ActivityKind kind, ActivityContext parent)
    {
        var invocation = Activity.Current is { } current && current.Source.HasListeners() ? current : null;
        ActivityLink[]? links = invocation is not null && parent != default && invocation.TraceId != parent.TraceId
            ? [new ActivityLink(invocation.Context)]
            : null;
        if (parent != default || invocation is not null)
            return FlowsTelemetry.Source.StartActivity(name, kind, parent, links: links);

        // Whatever is under way is not exported and would leave this span without its parent.
        var unseen = Activity.Current;
        Activity.Current = null;
        var root = FlowsTelemetry.Source.StartActivity(name, kind);
        if (root is null)
            Activity.Current = unseen;
        return root;
    }

    /// <summary>Who called over HTTP, when the server's own span is not exported.</summary>
    private static ActivityContext Caller() =>
        Activity.Current is { HasRemoteParent: true } server && !server.Source.HasListeners() ? Parse(server.ParentId) : default;

    private static ActivityContext Parse(string? traceParent) =>
        ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out var context) ? context : default;
}
