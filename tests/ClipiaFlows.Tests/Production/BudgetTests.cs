using ClipiaFlows.Manifests;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Commands;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Production;

/// <summary>A budget is never overshot, and what is left of it is worth less than any ready job.</summary>
public sealed class BudgetTests
{
    private const string Batch = "spring";

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 200)];

    /// <summary>
    /// Random plans, prices, budgets, outcomes and crashes (a fresh Advance, markers written twice, overlapping runs). The
    /// harness checks after every step that charged, reserved and committed credits fit into the budget.
    /// </summary>
    [Theory, MemberData(nameof(Seeds))]
    public async Task Run_RandomPlanBudgetAndCrashes_NeverOvershootsAndLeavesLessThanTheCheapestReadyJob(int seed)
    {
        var random = new Random(seed);
        using var flow = new BatchHarness();
        decimal[] prices = [1, 3, 4, 5, 17, 28, 36, 47];
        var jobs = AdvanceTests.RandomJobs(random).ConvertAll(job => job with { Estimate = prices[random.Next(prices.Length)] });
        var budget = random.Next(1, (int)jobs.Sum(job => job.Estimate) + 20);
        await flow.SeedAsync(Batch, jobs, batch =>
        {
            (batch.Budget, batch.Retries) = (budget, random.Next(2));
            batch.OnBudget = random.Next(2) == 0 ? OnBudget.Pause : OnBudget.Stop;
        });

        BatchStep step;
        var advance = flow.NewAdvance();
        do
        {
            if (random.Next(5) == 0)
                advance = flow.NewAdvance();
            if (random.Next(8) == 0)
                await Task.WhenAll(advance.RunAsync(new() { Batch = Batch }, flow.Client, default), flow.NewAdvance().RunAsync(new() { Batch = Batch }, flow.Client, default));
            step = await flow.AdvanceAsync(Batch, advance);
            await PlayAsync(flow, random);
        }
        while (step.Kind is BatchStepKind.Wait && (await flow.RowsAsync<ActiveRow>(Batch, "A")).Count > 0 || (await flow.RowsAsync<MarkerRow>(Batch, "D")).Count > 0);

        var end = await flow.BatchAsync(Batch);
        Assert.True(end.Bound <= budget);
        Assert.Equal(0, end.Reserved);
        Assert.All(await flow.RowsAsync<ReadyRow>(Batch, "Q"), job => Assert.True(decimal.Parse(job.EstimateCredits) > budget - end.Bound));
        if (end is { OnBudget: OnBudget.Stop, ReasonCode: PauseReasons.Budget })
            Assert.Equal(0, end.Ready + end.Waiting);
    }

    [Fact]
    public async Task Run_NextInOrderDoesNotFit_TakesTheFirstThatDoes()
    {
        using var flow = new BatchHarness();
        await flow.SeedAsync(Batch, [new() { Estimate = 47 }, new() { Estimate = 36 }, new() { Estimate = 4 }, new() { Estimate = 3 }], batch => batch.Budget = 40);

        await flow.AdvanceAsync(Batch);

        Assert.Equal([1, 2], (await flow.RowsAsync<ActiveRow>(Batch, "A")).Select(job => job.N));
    }

    [Fact]
    public async Task Run_JobFails_ItsCreditsReturnToTheBudget()
    {
        using var flow = new BatchHarness();
        await flow.SeedAsync(Batch, [new(), new(), new()], batch => batch.Budget = 8);
        await flow.AdvanceAsync(Batch);
        var active = await flow.RowsAsync<ActiveRow>(Batch, "A");
        Assert.Equal(2, active.Count);

        await flow.EndAsync(Batch, active[0], JobState.Failed);
        await flow.AdvanceAsync(Batch);

        Assert.Equal([1, 2], (await flow.RowsAsync<ActiveRow>(Batch, "A")).Select(job => job.N));
        Assert.Equal(4, (await flow.BatchAsync(Batch)).Refunded);
    }

    [Fact]
    public async Task Resume_WithAHigherBudget_GoesOn()
    {
        using var flow = new BatchHarness();
        await flow.SeedAsync(Batch, [new(), new(), new()], batch => batch.Budget = 4);
        await flow.RunToEndAsync(Batch);
        Assert.Equal((BatchState.Paused, PauseReasons.Budget), await flow.BatchAsync(Batch) is var paused ? (paused.State, paused.ReasonCode) : default);

        Assert.IsType<CommandReceipt.Impossible>(await flow.CommandAsync(Batch, new(CommandKind.Resume)));
        Assert.IsType<CommandReceipt.Impossible>(await flow.CommandAsync(Batch, new(CommandKind.Resume) { BudgetCredits = 3 }));
        Assert.IsType<CommandReceipt.Impossible>(await flow.CommandAsync(Batch, new(CommandKind.Resume) { BudgetCredits = 4 }));
        await flow.CommandAsync(Batch, new(CommandKind.Resume) { BudgetCredits = 12 });

        Assert.Equal(BatchStepKind.Finish, (await flow.RunToEndAsync(Batch)).Kind);
        Assert.Equal(12, (await flow.BatchAsync(Batch)).Charged);
    }

    private static async Task PlayAsync(BatchHarness flow, Random random)
    {
        foreach (var active in await flow.RowsAsync<ActiveRow>(Batch, "A"))
        {
            if (random.Next(3) == 0)
                continue;
            var attempt = await flow.Attempts.FindAsync(BatchHarness.AttemptOf(Batch, active.N, active.Attempt), default);
            if (attempt is { HasEnded: true })
                await flow.Attempts.RepeatMarkerAsync(BatchHarness.AttemptOf(Batch, active.N, active.Attempt), default);
            else
                await flow.EndAsync(Batch, active, random.Next(10) switch { 0 => JobState.Failed, 1 => JobState.Unresolved, _ => JobState.Succeeded });
        }
    }
}
