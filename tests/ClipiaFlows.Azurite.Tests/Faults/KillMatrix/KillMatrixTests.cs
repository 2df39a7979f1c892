using System.Globalization;
using Xunit.Abstractions;

namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>
/// Kills the app at boundaries of a campaign that a recording run has found, and starts it again. An ordinary test run takes a
/// sample, evenly spread; KILL_POINTS=all takes every boundary of every course, KILL_POINTS=300 so many. Every other run is killed
/// again and again on its way back.
/// </summary>
public sealed class KillMatrixTests(ITestOutputHelper output)
{
    private const int Sample = 18;

    private static readonly int Points = Environment.GetEnvironmentVariable("KILL_POINTS") switch
    {
        null or "" => Sample,
        "all" => int.MaxValue,
        var number => int.Parse(number, CultureInfo.InvariantCulture),
    };

    [Fact]
    public async Task Kill_AtEveryBoundary_NothingIsPaidTwiceLostLeftOrMiscounted()
    {
        var figures = new KillFigures();
        var share = Points == int.MaxValue ? int.MaxValue : Points / KillCourse.All.Count;

        await Task.WhenAll(KillCourse.All.Select(course => new KillMatrix(course, share, figures).RunAsync()));

        output.WriteLine(figures.ToString());
        Assert.True(figures.Kills >= Math.Min(Points, 1000) * 3 / 4, "Too few of the boundaries were reached.");
        Assert.Empty(figures.Wrong);
    }

    [Fact]
    public async Task Kill_AppGivesEverySendAKeyOfItsOwn_TheSecondPaymentIsFound()
    {
        var broken = new StageOptions { AppSettings = new Dictionary<string, string> { ["KILL_BREAK"] = "key-per-send" } };
        await using var lane = await KillLane.OpenAsync(KillCourse.All[0], broken);

        var run = await lane.RunAsync("After call POST /v1/models/nano-banana-2");

        output.WriteLine(string.Join('\n', run.Wrong));
        // Which job it is that was paid twice is chance; the credits of one that fails upstream come back. No key is that of its row here.
        var paid = run.Wrong.Count(finding => finding.What.EndsWith("belongs to no attempt", StringComparison.Ordinal));
        var known = run.Wrong.Count(finding => finding.What.EndsWith("is not in the ledger", StringComparison.Ordinal));
        Assert.True(paid > known, $"{paid} submissions were paid for {known} attempts.");
        Assert.Contains(run.Wrong, finding => finding.What.StartsWith("credits ", StringComparison.Ordinal));
    }
}
