using ClipiaFlows.Production;

namespace ClipiaFlows.Tests.Production;

public sealed class PollScheduleTests
{
    [Fact]
    public void PauseAfter_EighteenSecondJobWithoutWebhook_NeedsFivePollsAtMost()
    {
        var elapsed = TimeSpan.Zero;
        var polls = 0;
        for (; elapsed < TimeSpan.FromSeconds(18); polls++)
            elapsed += PollSchedule.PauseAfter(Usual(8, 2), polls, DeliveriesExpected.None);

        Assert.InRange(polls, 1, 5);
        Assert.InRange(elapsed.TotalSeconds, 18, 27);
    }

    [Fact]
    public void PauseAfter_DeliveryExpected_WaitsUntilNearlyAllAreOver() =>
        Assert.Equal(TimeSpan.FromSeconds(42), PollSchedule.PauseAfter(Usual(30, 4), 0, DeliveriesExpected.All));

    [Fact]
    public void PauseAfter_DeliveriesGetLost_AsksEarlierAndSoonAgain()
    {
        Assert.Equal(TimeSpan.FromSeconds(34), PollSchedule.PauseAfter(Usual(30, 4), 0, DeliveriesExpected.Some));
        Assert.Equal(TimeSpan.FromSeconds(4), PollSchedule.PauseAfter(Usual(30, 4), 1, DeliveriesExpected.Some));
    }

    [Fact]
    public void PauseAfter_AnyNumberOfPolls_StaysBetweenThreeSecondsAndFiveMinutes() => Assert.All(
        Enum.GetValues<DeliveriesExpected>(),
        deliveries => Assert.All(
            Enumerable.Range(0, 2000),
            polls => Assert.InRange(PollSchedule.PauseAfter(Usual(1, 0), polls, deliveries).TotalSeconds, 3, 300)));

    [Fact]
    public void Learn_DurationsWithinThirtyPercent_FirstPollFindsNearlyAllOfThem()
    {
        var (durations, random) = (new UsualDurations(), new Random(7));
        var tooEarly = 0;
        for (var n = 0; n < 1000; n++)
        {
            var duration = TimeSpan.FromSeconds(14 * (0.7 + (0.6 * random.NextDouble())));
            tooEarly += PollSchedule.PauseAfter(durations.Of("m", isVideo: false), 0, DeliveriesExpected.All) < duration ? 1 : 0;
            durations.Learn("m", duration);
        }

        Assert.InRange(tooEarly, 0, 20);
        Assert.InRange(PollSchedule.PauseAfter(durations.Of("m", isVideo: false), 0, DeliveriesExpected.All).TotalSeconds, 14 * 1.2, (14 * 1.6) + 2);
    }

    [Fact]
    public void LosesDeliveries_OneInTenIsLost_IsKnownAfterAWhileAndForgottenOnceNoneIs()
    {
        var durations = new UsualDurations();
        for (var n = 0; n < 100; n++)
            durations.LearnDelivery(isLost: n % 10 == 0);
        Assert.True(durations.LosesDeliveries);
        for (var n = 0; n < 100; n++)
            durations.LearnDelivery(isLost: false);
        Assert.False(durations.LosesDeliveries);
    }

    private static UsualDuration Usual(double mean, double spread) => new(TimeSpan.FromSeconds(mean), TimeSpan.FromSeconds(spread));
}
