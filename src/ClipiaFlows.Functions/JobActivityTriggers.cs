using ClipiaFlows.Observability;
using ClipiaFlows.Production;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.Functions;

/// <summary>The activities of a job, as the host runs them.</summary>
public sealed class JobActivityTriggers(SubmitGeneration submit, PollGeneration poll, CopyOutputs copy)
{
    /// <summary>Binds <see cref="SubmitGeneration"/>.</summary>
    [Function(SubmitGeneration.Name)]
    public Task<JobStep> Submit([ActivityTrigger] JobAttempt job, CancellationToken cancellationToken) =>
        FlowSpans.OfJob("job.submit", job, () => submit.RunAsync(job, cancellationToken));

    /// <summary>Binds <see cref="PollGeneration"/>.</summary>
    [Function(PollGeneration.Name)]
    public Task<JobStep> Poll([ActivityTrigger] JobAttempt job, CancellationToken cancellationToken) =>
        FlowSpans.OfJob("job.poll", job, () => poll.RunAsync(job, cancellationToken));

    /// <summary>Binds <see cref="CopyOutputs"/>.</summary>
    [Function(CopyOutputs.Name)]
    public Task<JobStep> Copy(
        [ActivityTrigger] JobAttempt job, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        FlowSpans.OfJob("job.copy", job, () => copy.RunAsync(job, client, cancellationToken));
}
