using ClipiaFlows.Cli.Api;
using Spectre.Console;

namespace ClipiaFlows.Cli.Watching;

/// <summary>Shows the way of a batch to its end: a picture that moves on a terminal, a line per change elsewhere.</summary>
internal static class ProgressDisplay
{
    /// <param name="follow">Follows the batch and tells each snapshot to its argument.</param>
    public static Task<Batch> ShowAsync(Func<Action<Snapshot>, Task<Batch>> follow) =>
        Talk.IsLive ? ShowLiveAsync(follow) : ShowLinesAsync(follow);

    private static Task<Batch> ShowLiveAsync(Func<Action<Snapshot>, Task<Batch>> follow) =>
        Talk.Screen.Live(new Text("")).StartAsync(live => follow(snapshot =>
        {
            live.UpdateTarget(Terminal.Visible(ProgressPicture.Draw(snapshot, Talk.Screen.Profile.Height, Talk.Screen.Profile.Width)));
            live.Refresh();
        }));

    private static Task<Batch> ShowLinesAsync(Func<Action<Snapshot>, Task<Batch>> follow)
    {
        var last = "";
        return follow(snapshot =>
        {
            var line = Describe(snapshot.Batch);
            if (line != last)
                Talk.Line(TerminalText.OnOneLine(line));
            last = line;
        });
    }

    /// <summary>One line such as <c>Running: 3 of 14 done (3 generating, 8 ready, 3 succeeded)</c>.</summary>
    public static string Describe(Batch batch)
    {
        var counts = string.Join(", ", batch.Jobs.Present().Select(pair => $"{pair.Count} {pair.State}"));
        var reason = batch.Reason is { Length: > 0 } why ? $"; {why}" : "";
        var waits = WaitingText.CodesOf(batch) is { Length: > 0 } codes ? $"; waiting: {codes}" : "";
        return $"{batch.State}: {batch.Jobs.Finished} of {batch.Jobs.Total} done{(counts.Length > 0 ? $" ({counts})" : "")}{waits}{reason}";
    }
}
