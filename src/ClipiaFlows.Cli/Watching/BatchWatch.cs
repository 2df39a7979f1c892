using System.Diagnostics;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Cli.Watching;

/// <summary>What is known of a batch at one moment; of a large batch only the jobs that are generating.</summary>
internal sealed record Snapshot(Batch Batch, IReadOnlyList<Job> Jobs);

/// <summary>Asks for the state of a batch again and again until nothing more happens by itself.</summary>
internal static class BatchWatch
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Returns the state in which it ended, or waits for somebody. An app that is away is awaited for a minute: it may be
    /// restarting. What <paramref name="beforeEach"/> question throws ends the watch.
    /// </summary>
    public static async Task<Batch> FollowAsync(
        AppClient app, string id, Action<Snapshot> show, Action? beforeEach = null, CancellationToken cancellation = default)
    {
        long? awaySince = null;
        while (true)
        {
            beforeEach?.Invoke();
            try
            {
                var batch = await app.GetBatchAsync(id, cancellation);
                show(new Snapshot(batch, await GetJobsAsync(app, batch, cancellation)));
                if (batch.IsTerminal || batch.IsWaitingForSomebody)
                    return batch;
                awaySince = null;
            }
            catch (CommandFailure away) when (away.ExitCode == ExitCodes.NotReachable)
            {
                awaySince ??= Stopwatch.GetTimestamp();
                if (Stopwatch.GetElapsedTime(awaySince.Value) > Patience)
                    throw;
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    private static Task<IReadOnlyList<Job>> GetJobsAsync(AppClient app, Batch batch, CancellationToken cancellation) =>
        app.GetJobsAsync(batch.Id, batch.Jobs.Total > AppClient.PageSize ? "Generating" : null, cancellation);
}
