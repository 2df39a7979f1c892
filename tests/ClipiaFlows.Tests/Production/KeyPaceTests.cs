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
        var (pace, first) = Hold(Pace(concurrency: 10), "a", used: 0, wanted: 8);
        (_, var second) = Hold(pace, "b", used: 0, wanted: 8);

        Assert.Equal(8, first);
        Assert.Equal(2, second);
    }

    [Theory]
    [InlineData(2, 10)]
    [InlineData(3, 9)]
    [InlineData(4, 10)]
    [InlineData(7, 10)]
    public void Hold_BatchesThatAllWantEverything_ShareFairlyAndLeaveNoSlotFree(int batches, int slots)
    {
        var pace = Pace(concurrency: slots);
        var used = new int[batches];
        var served = new int[batches];
        var random = new Random(batches);
        for (var round = 0; round < 2000; round++)
        {
            var batch = random.Next(batches);
            used[batch] -= used[batch] > 0 ? 1 : 0;
            (pace, var granted) = Hold(pace, $"batch-{batch}", used[batch], wanted: 20);
            used[batch] += granted;
            served[batch] += granted;
            Assert.True(used.Sum() <= slots);
        }

        var jain = Math.Pow(served.Sum(), 2) / (batches * served.Sum(count => Math.Pow(count, 2)));
        Assert.True(jain >= 0.95, $"Jain's index is {jain:0.000}: {string.Join(", ", served)}.");
        Assert.InRange(used.Sum(), slots - batches, slots);
    }

    [Fact]
    public void Hold_TwiceTheWeight_GetsTwiceTheSlots()
    {
        var pace = Pace(concurrency: 9);
        var used = new Dictionary<string, int> { ["heavy"] = 0, ["light"] = 0 };
        for (var round = 0; round < 40; round++)
        {
            foreach (var (batch, weight) in new[] { ("heavy", 2.0), ("light", 1.0) })
            {
                used[batch] = Math.Max(0, used[batch] - 1);
                (pace, var granted) = Hold(pace, batch, used[batch], wanted: 20, weight);
                used[batch] += granted;
            }
        }

        Assert.InRange(used["heavy"], 5, 7);
        Assert.InRange(used["light"], 2, 4);
    }

    [Fact]
    public void Hold_OtherWantsNothing_GetsEverySlot()
    {
        var (pace, _) = Hold(Pace(concurrency: 10), "idle", used: 1, wanted: 0);
        (pace, var granted) = Hold(pace, "busy", used: 0, wanted: 20);

        Assert.Equal(9, granted);
        Assert.Empty(pace.TurnsAt(Start));
    }

    [Fact]
    public void Hold_BatchThatIsGone_IsForgottenAfterItsStatementIsOld()
    {
        var (pace, _) = Hold(Pace(concurrency: 10), "gone", used: 10, wanted: 5);

        Assert.Equal(0, Hold(pace, "busy", used: 0, wanted: 10, at: Start.AddMinutes(1)).Granted);
        Assert.Equal(10, Hold(pace, "busy", used: 0, wanted: 10, at: Start.AddMinutes(6)).Granted);
    }

    [Fact]
    public void Hold_StatedAgainAfterACrash_LeaksNothing()
    {
        var (pace, _) = Hold(Pace(concurrency: 10), "a", used: 0, wanted: 10);
        (pace, var granted) = Hold(pace, "a", used: 3, wanted: 10);

        Assert.Equal(7, granted);
        Assert.Equal(10, pace.Line.Find("a")!.Held);
    }

    [Fact]
    public void Hold_NothingUsedOrWanted_ForgetsTheBatch()
    {
        var (pace, _) = Hold(Pace(), "a", used: 2, wanted: 0);
        (pace, _) = Hold(pace, "a", used: 0, wanted: 0);

        Assert.Null(pace.Line.Find("a"));
        Assert.Equal(0, pace.Line.Held);
    }

    [Fact]
    public void WithSlotRefused_TenHeld_AllowsNineAndRisesByOneAMinute()
    {
        var (pace, _) = Hold(Pace(concurrency: 10), "a", used: 10, wanted: 0);
        pace = pace.WithSlotRefused(Start);

        Assert.Equal(0, Hold(pace, "a", used: 9, wanted: 5).Granted);
        Assert.Equal(1, Hold(pace, "a", used: 9, wanted: 5, at: Start.AddMinutes(1)).Granted);
        Assert.Equal(1, Hold(pace, "a", used: 9, wanted: 5, at: Start.AddMinutes(9)).Granted);
    }

    private static (KeyPace Pace, int Granted) Hold(
        KeyPace pace, string batch, int used, int wanted, double weight = 1, DateTimeOffset? at = null)
    {
        var (after, granted, _) = pace.Hold(batch, new(used, wanted, weight), at ?? Start);
        return (after, granted);
    }

    private static KeyPace Pace(int concurrency = 10, int requestsPerMinute = 120) =>
        new() { Concurrency = concurrency, RequestsPerMinute = requestsPerMinute };
}
