using ClipiaFlows.Cli;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>How callers deal with an app that is killed every now and then: they ask again.</summary>
internal static class StageCalls
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);

    /// <summary>Asks the app until it answers, as a caller does who knows that it may be restarting; starts it again when it was killed.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="call">The call; may be made more than once.</param>
    /// <param name="killAt">Where the app dies that is started next, once.</param>
    public static async Task<T> InsistAsync<T>(this Stage stage, Func<AppClient, CancellationToken, Task<T>> call, Queue<int>? killAt = null)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                await stage.ReviveAsync(killAt);
                return await call(stage.App, limit.Token);
            }
            catch (Exception trouble) when (trouble is HttpRequestException or IOException or CommandFailure { ExitCode: ExitCodes.NotReachable })
            {
                if (stage.Host.IsGone && !stage.Host.WasKilled)
                    throw new InvalidOperationException($"The app ended by itself:\n{stage.Host.Log}", trouble);
                if (limit.IsCancellationRequested)
                    throw new TimeoutException($"The app did not answer: {trouble.Message}\n{stage.Host.Log}", trouble);
                await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
            }
        }
    }

    /// <summary>Waits for a batch to end, whatever kills the app meanwhile.</summary>
    public static async Task<Batch> EndOfAsync(this Stage stage, string batch, Queue<int>? killAt = null)
    {
        Batch? now = null;
        await stage.UntilAsync(
            async (app, cancellation) => (now = await app.GetBatchAsync(batch, cancellation)).IsTerminal, "The batch did not end", killAt);
        return now!;
    }

    /// <summary>Asks until the answer is yes, whatever kills the app meanwhile.</summary>
    public static async Task UntilAsync(this Stage stage, Func<AppClient, CancellationToken, Task<bool>> condition, string otherwise, Queue<int>? killAt = null)
    {
        var limit = DateTime.UtcNow + Patience;
        while (!await stage.InsistAsync(condition, killAt))
        {
            if (DateTime.UtcNow > limit)
                throw new TimeoutException($"{otherwise}:\n{stage.Host.Log}");
            await Task.Delay(TimeSpan.FromMilliseconds(80));
        }
    }

    /// <summary>Calls to the API so far, of every kind.</summary>
    public static async Task<int> CallsAsync(this Stage stage) =>
        (await stage.Emulator.GetAsync("calls?limit=0")).GetProperty("counts").EnumerateArray().Sum(count => count.GetProperty("count").GetInt32());
}
