using ClipiaFlows.Production;

namespace ClipiaFlows.Tests.Production;

public sealed class SchedulerTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(BatchState.Running, 0, 0, 5, 10, 5)]
    [InlineData(BatchState.Running, 8, 0, 5, 10, 2)]
    [InlineData(BatchState.Running, 10, 0, 5, 10, 0)]
    [InlineData(BatchState.Running, 12, 0, 5, 10, 0)]
    [InlineData(BatchState.Running, 0, 0, 500, 200, Scheduler.MostClaims)]
    [InlineData(BatchState.Running, 0, Scheduler.MostCopies, 5, 10, 0)]
    [InlineData(BatchState.Paused, 0, 0, 5, 10, 0)]
    [InlineData(BatchState.Canceling, 0, 0, 5, 10, 0)]
    [InlineData(BatchState.AwaitingApproval, 0, 0, 5, 10, 0)]
    [InlineData(BatchState.Planning, 0, 0, 5, 10, 0)]
    public void Wanted_ByStateAndLimits_IsWhatTheyLeave(
        BatchState state, int generating, int copying, int ready, int maxConcurrency, int wanted) =>
        Assert.Equal(wanted, Scheduler.Wanted(new(state, generating, copying, ready, maxConcurrency)));

    [Fact]
    public void Wanted_OverAllViews_NeverPassesAnyLimit()
    {
        foreach (var view in
            from state in Enum.GetValues<BatchState>()
            from generating in Enumerable.Range(0, 30)
            from ready in Enumerable.Range(0, 40)
            from most in Enumerable.Range(1, 25)
            select new SchedulerView(state, generating, 0, ready, most))
        {
            var wanted = Scheduler.Wanted(view);
            Assert.InRange(wanted, 0, Math.Min(view.Ready, Scheduler.MostClaims));
            Assert.True(wanted == 0 || view.Generating + wanted <= view.MaxConcurrency);
        }
    }

    [Fact]
    public void LookAgainAt_OtherBatchesHoldTheSlots_IsSoon()
    {
        Assert.Equal(Now.AddSeconds(2), Scheduler.LookAgainAt(new(BatchState.Running, 1, 0, 5, 10), othersHoldSlots: true, Now));
        Assert.Equal(Now.AddMinutes(1), Scheduler.LookAgainAt(new(BatchState.Running, 1, 0, 5, 10), othersHoldSlots: false, Now));
        Assert.Equal(Now.AddMinutes(1), Scheduler.LookAgainAt(new(BatchState.Running, 10, 0, 5, 10), othersHoldSlots: true, Now));
    }
}
