using ClipiaFlows.Manifests;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;

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

    [Theory]
    [InlineData(BatchState.Running, null, 0, true, null)]
    [InlineData(BatchState.Running, null, 1, true, 60)]
    [InlineData(BatchState.Running, null, 0, false, 60)]
    [InlineData(BatchState.AwaitingApproval, null, 0, false, null)]
    [InlineData(BatchState.Paused, PauseReasons.ByRequest, 0, false, null)]
    [InlineData(BatchState.Paused, PauseReasons.ByRequest, 1, false, 60)]
    [InlineData(BatchState.Paused, PauseReasons.Budget, 0, false, null)]
    [InlineData(BatchState.Paused, "insufficient_credits", 0, false, 60)]
    [InlineData(BatchState.Paused, "invalid_api_key", 0, false, 60)]
    [InlineData(BatchState.Canceling, null, 0, false, 60)]
    public void LookAgainAt_NothingUnderWayAndInLineOrForAPerson_IsNotBeforeTheDeadline(
        BatchState state, string? reason, int generating, bool isInLine, int? seconds)
    {
        var batch = new BatchRow { State = state, ReasonCode = reason, Generating = generating, Ready = 1 };
        Assert.Equal(seconds is { } some ? Now.AddSeconds(some) : null, Scheduler.LookAgainAt(batch, isInLine, Now));

        batch.DeadlineAt = Now.AddDays(1);
        Assert.Equal(seconds is { } soon ? Now.AddSeconds(soon) : Now.AddDays(1), Scheduler.LookAgainAt(batch, isInLine, Now));

        batch.DeadlineAt = Now.AddSeconds(5);
        Assert.Equal(Now.AddSeconds(5), Scheduler.LookAgainAt(batch, isInLine, Now));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    public void Verdict_DeadlinePassed_CancelsWhatWaits(int waiting, int ready)
    {
        foreach (var state in Enum.GetValues<BatchState>())
        {
            var verdict = Verdict(batch => (batch.State, batch.Waiting, batch.Ready, batch.DeadlineAt) = (state, waiting, ready, Now));

            if (state is BatchState.Running or BatchState.Paused or BatchState.AwaitingApproval)
                Assert.Equal(new(BatchState.Canceling, "deadline_passed", "The deadline 2026-03-01 12:00:00Z has passed."), verdict);
            else
                Assert.Null(verdict);
        }
    }

    [Fact]
    public void Verdict_NothingWaits_IsNone() =>
        Assert.Null(Verdict(batch => (batch.DeadlineAt, batch.Failed, batch.ToleratedFailures, batch.SampleLeft, batch.Generating) = (Now, 5, 0, 0, 1)));

    [Fact]
    public void Verdict_DeadlineAhead_IsNone() =>
        Assert.Null(Verdict(batch => (batch.Ready, batch.DeadlineAt) = (1, Now.AddTicks(1))));

    [Fact]
    public void Verdict_AsManyFailuresAsAreBorne_GoesOn()
    {
        Assert.Null(Verdict(batch => (batch.Ready, batch.Failed, batch.ToleratedFailures) = (1, 3, 3)));
        Assert.Null(Verdict(batch => (batch.Ready, batch.Failed) = (1, 3)));
    }

    [Fact]
    public void Verdict_MoreFailuresThanAreBorne_CancelsARunningBatchThatIsNotBeingRetried()
    {
        Assert.Equal(
            new(BatchState.Canceling, "failures_exceeded", "3 jobs have failed; the policy bears 2."), Verdict(TooManyFailures));
        Assert.Equal(
            "1 job has failed; the policy bears 0.", Verdict(batch => (batch.Waiting, batch.Failed, batch.ToleratedFailures) = (1, 1, 0))!.Reason);
        Assert.Null(Verdict(batch =>
        {
            TooManyFailures(batch);
            batch.State = BatchState.Paused;
        }));
        Assert.Null(Verdict(batch =>
        {
            TooManyFailures(batch);
            batch.IsRetrying = true;
        }));

        static void TooManyFailures(BatchRow batch) => (batch.Waiting, batch.Failed, batch.ToleratedFailures) = (1, 3, 2);
    }

    [Theory]
    // Sample left, waiting, ready, generating, copying.
    [InlineData(0, 2, 5, 0, 0, true)]
    [InlineData(2, 7, 0, 0, 0, true)]
    [InlineData(1, 2, 5, 0, 0, false)]
    [InlineData(0, 2, 5, 1, 0, false)]
    [InlineData(0, 2, 5, 0, 1, false)]
    [InlineData(0, 2, 5, 1, 1, false)]
    [InlineData(null, 2, 5, 0, 0, false)]
    public void Verdict_Sample_IsDoneWhenNothingOfItIsLeftOrUnderWay(int? left, int waiting, int ready, int generating, int copying, bool isDone)
    {
        var verdict = Verdict(batch =>
            (batch.SampleLeft, batch.Waiting, batch.Ready, batch.Generating, batch.Copying) = (left, waiting, ready, generating, copying));

        Assert.Equal(
            isDone
                ? new(BatchState.AwaitingApproval, null, "The sample is done: look at its outputs, then approve or reject the other 7 jobs.")
                : null,
            verdict);
    }

    [Theory]
    [InlineData(OnBudget.Pause, BatchState.Paused)]
    [InlineData(OnBudget.Stop, BatchState.Canceling)]
    public void BudgetUsedUp_ByPolicy_PausesOrCancelsAndSaysWhatIsLeft(OnBudget policy, BatchState state)
    {
        var batch = new BatchRow { OnBudget = policy, Budget = 20, Committed = 12.5m, Reserved = 4 };

        Assert.Equal(
            new(state, "budget_exhausted", "3.5 of 20 credits of the budget are left; the cheapest ready job costs 4.25."),
            Scheduler.BudgetUsedUp(batch, 4.25m));
    }

    [Fact]
    public void Wanted_Sample_IsAllThatMayBeClaimed()
    {
        Assert.Equal(2, Scheduler.Wanted(new(BatchState.Running, 0, 0, 5, 10, SampleLeft: 2)));
        Assert.Equal(0, Scheduler.Wanted(new(BatchState.Running, 0, 0, 5, 10, SampleLeft: 0)));
        Assert.Equal(Scheduler.MostClaims, Scheduler.Wanted(new(BatchState.Running, 0, 0, 500, 200, SampleLeft: 100)));
    }

    [Fact]
    public void Wanted_WhileARetryIsPriced_IsNothing() =>
        Assert.Equal(0, Scheduler.Wanted(new(BatchState.Running, 0, 0, 5, 10, IsRetrying: true)));

    private static Verdict? Verdict(Action<BatchRow> change)
    {
        var batch = new BatchRow { State = BatchState.Running, MaxConcurrency = 10 };
        change(batch);
        return Scheduler.Verdict(batch, Now);
    }
}
