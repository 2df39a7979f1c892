using ClipiaFlows.Production.Pacing;

namespace ClipiaFlows.Tests.Production;

public sealed class KeyPaceTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(120)]
    [InlineData(60)]
    [InlineData(7)]
    [InlineData(1000)]
    public void TakeTurn_AskedWithoutPause_NeverPassesTheLimitInAnyMinute(int limit)
    {
        var pace = Pace(requestsPerMinute: limit);
        var turns = new List<DateTimeOffset>();
        for (var i = 0; i < limit * 4; i++)
        {
            (pace, var turn) = pace.TakeTurn(Start);
            turns.Add(turn);
        }

        Assert.All(turns, first => Assert.True(
            turns.Count(turn => turn >= first && turn < first.AddMinutes(1)) <= limit, $"The minute from {first} has too many."));
    }

    [Fact]
    public void TakeTurn_AskedWithoutPause_UsesAtLeast94PercentOfTheLimit()
    {
        var pace = Pace();
        var last = Start;
        for (var i = 0; i < 1200; i++)
            (pace, last) = pace.TakeTurn(Start);

        Assert.InRange((last - Start).TotalMinutes, 9.9, 10 / 0.94);
    }

    [Fact]
    public void TakeTurn_AfterRest_GivesABurstAtOnce()
    {
        var pace = Pace();
        (pace, var first) = pace.TakeTurn(Start);
        (_, var second) = pace.TakeTurn(Start);

        Assert.Equal(Start, first);
        Assert.Equal(Start, second);
    }

    [Fact]
    public void TakeTurn_ApiAskedToWait_IsNotBefore()
    {
        var (_, turn) = Pace().WithRequestsRefused(Start.AddSeconds(30)).TakeTurn(Start);

        Assert.Equal(Start.AddSeconds(30), turn);
    }

    [Fact]
    public void Hold_TwoBatches_ShareTheKeysSlots()
    {
        var (pace, first) = Pace(concurrency: 10).Hold("a", used: 0, wanted: 8, Start);
        (_, var second) = pace.Hold("b", used: 0, wanted: 8, Start);

        Assert.Equal(8, first);
        Assert.Equal(2, second);
    }

    [Fact]
    public void Hold_StatedAgainAfterACrash_LeaksNothing()
    {
        var (pace, _) = Pace(concurrency: 10).Hold("a", used: 0, wanted: 10, Start);
        (pace, var granted) = pace.Hold("a", used: 3, wanted: 10, Start);

        Assert.Equal(7, granted);
        Assert.Equal(10, pace.Held["a"]);
    }

    [Fact]
    public void Hold_NothingUsedOrWanted_ForgetsTheBatch()
    {
        var (pace, _) = Pace().Hold("a", used: 2, wanted: 0, Start);
        (pace, _) = pace.Hold("a", used: 0, wanted: 0, Start);

        Assert.Empty(pace.Held);
    }

    [Fact]
    public void WithSlotRefused_TenHeld_AllowsNineAndRisesByOneAMinute()
    {
        var (pace, _) = Pace(concurrency: 10).Hold("a", used: 10, wanted: 0, Start);
        pace = pace.WithSlotRefused(Start);

        Assert.Equal(0, pace.Hold("a", used: 9, wanted: 5, Start).Granted);
        Assert.Equal(1, pace.Hold("a", used: 9, wanted: 5, Start.AddMinutes(1)).Granted);
        Assert.Equal(1, pace.Hold("a", used: 9, wanted: 5, Start.AddMinutes(9)).Granted);
    }

    private static KeyPace Pace(int concurrency = 10, int requestsPerMinute = 120) =>
        new() { Concurrency = concurrency, RequestsPerMinute = requestsPerMinute };
}
