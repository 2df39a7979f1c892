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
            elapsed += PollSchedule.PauseAfter(TimeSpan.FromSeconds(8), polls, deliveryExpected: false);

        Assert.InRange(polls, 1, 5);
        Assert.InRange(elapsed.TotalSeconds, 18, 27);
    }

    [Fact]
    public void PauseAfter_DeliveryExpected_LeavesItHalfAsMuchAgainAsUsual() =>
        Assert.Equal(TimeSpan.FromSeconds(50), PollSchedule.PauseAfter(TimeSpan.FromSeconds(30), 0, deliveryExpected: true));

    [Fact]
    public void PauseAfter_AnyNumberOfPolls_StaysBetweenThreeSecondsAndFiveMinutes() => Assert.All(
        Enumerable.Range(0, 2000),
        polls => Assert.InRange(PollSchedule.PauseAfter(TimeSpan.FromSeconds(1), polls, deliveryExpected: true).TotalSeconds, 3, 300));
}
