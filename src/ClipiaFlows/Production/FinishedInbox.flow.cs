using Microsoft.DurableTask;

namespace ClipiaFlows.Production;

/// <summary>
/// The one wait for <see cref="Events.Finished"/> of a RunJob, created before anything is submitted and never cancelled: up
/// to Microsoft.DurableTask 1.25 a cancelled wait swallows the next event. Only timers are cancelled, and none is left running.
/// </summary>
internal sealed class FinishedInbox(TaskOrchestrationContext context)
{
    private Task<Finished> _wait = context.WaitForExternalEvent<Finished>(Events.Finished);

    /// <summary>Whether no event is waiting to be looked at.</summary>
    public bool IsEmpty => !_wait.IsCompleted;

    /// <summary>
    /// While the submission is unknown: the first of any event and the moment. A delivery that came early is kept until the
    /// submission tells whether it is ours.
    /// </summary>
    public async Task AnyOr(DateTime at)
    {
        // What said "try now" came before the try that has just been made.
        while (_wait.IsCompleted && _wait.Result.RequestId is null)
            Renew();
        var early = _wait.IsCompleted;
        if (early)
            await context.CreateTimer(at, CancellationToken.None);
        else
            await Race(at);

        if (_wait.IsCompleted && _wait.Result.RequestId is null)
            Renew();
    }

    /// <summary>The first of a delivery for that request and the moment; <c>null</c> for the moment.</summary>
    public async Task<Finished?> FirstOf(string requestId, DateTime at)
    {
        while (true)
        {
            if (!_wait.IsCompleted && context.CurrentUtcDateTime < at)
                await Race(at);
            if (!_wait.IsCompleted)
                return null;

            var finished = _wait.Result;
            Renew();
            if (finished.RequestId == requestId)
                return finished;
        }
    }

    private async Task Race(DateTime at)
    {
        using var losing = new CancellationTokenSource();
        await Task.WhenAny(_wait, context.CreateTimer(at, losing.Token));
        losing.Cancel();
    }

    private void Renew() => _wait = context.WaitForExternalEvent<Finished>(Events.Finished);
}
