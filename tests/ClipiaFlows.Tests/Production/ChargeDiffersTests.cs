using ClipiaFlows.Production;
using ClipiaFlows.Production.Commands;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Production;

/// <summary>The API charges something else than it estimated: the batch pauses once for each such price, and keeps its budget by it.</summary>
public sealed class ChargeDiffersTests : IDisposable
{
    private const string Batch = "spring";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly BatchHarness _flow = new();

    public void Dispose() => _flow.Dispose();

    /// <summary>The harness checks after every step that nothing passes the budget.</summary>
    [Fact]
    public async Task Resume_AfterAHigherCharge_ReservesTheOtherJobsAtThatAndKeepsTheBudget()
    {
        await StartAsync(budget: 20, Jobs(6, estimate: 4));
        await AcceptAsync(cost: 6);
        Assert.Equal(PauseReasons.ChargeDiffers, (await _flow.BatchAsync(Batch)).ReasonCode);

        await _flow.CommandAsync(Batch, new(CommandKind.Resume));
        await _flow.RunToEndAsync(Batch, cost: 6);

        var batch = await _flow.BatchAsync(Batch);
        Assert.Equal((PauseReasons.Budget, 18m, 3), (batch.ReasonCode, batch.Charged, batch.Succeeded));
        Assert.Contains("costs 6", batch.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advance_TheSameOrALowerChargeAfterResume_DoesNotPauseAgain()
    {
        await StartAsync(budget: null, Jobs(6, estimate: 4));
        await AcceptAsync(cost: 6);
        await _flow.CommandAsync(Batch, new(CommandKind.Resume));

        await AcceptAsync(cost: 5, which: 1);
        await _flow.RunToEndAsync(Batch, cost: 6);

        Assert.Equal(6, (await _flow.BatchAsync(Batch)).Succeeded);
    }

    [Fact]
    public async Task Advance_AnEvenHigherChargeAfterResume_PausesAgain()
    {
        await StartAsync(budget: null, Jobs(6, estimate: 4));
        await AcceptAsync(cost: 6);
        await _flow.CommandAsync(Batch, new(CommandKind.Resume));
        await _flow.RunToEndAsync(Batch, cost: 6, rounds: 1);

        await AcceptAsync(cost: 60);

        var batch = await _flow.BatchAsync(Batch);
        Assert.Equal((BatchState.Paused, PauseReasons.ChargeDiffers), (batch.State, batch.ReasonCode));
        Assert.Contains("60", batch.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advance_ALowerCharge_PausesOnceAndReservesTheEstimateAllTheSame()
    {
        await StartAsync(budget: null, Jobs(6, estimate: 4));
        await AcceptAsync(cost: 3);
        Assert.Equal(PauseReasons.ChargeDiffers, (await _flow.BatchAsync(Batch)).ReasonCode);
        await _flow.CommandAsync(Batch, new(CommandKind.Resume));

        await _flow.RunToEndAsync(Batch, cost: 3, rounds: 1);

        Assert.Equal((BatchState.Running, 8m), await _flow.BatchAsync(Batch) is var batch ? (batch.State, batch.Reserved) : default);
    }

    [Fact]
    public async Task Resume_JobsOfAnotherPrice_AreReservedAtTheirEstimate()
    {
        await StartAsync(budget: null, [.. Jobs(2, estimate: 4), .. Jobs(2, estimate: 9)]);
        await AcceptAsync(cost: 6);
        await _flow.CommandAsync(Batch, new(CommandKind.Resume));

        await _flow.RunToEndAsync(Batch, cost: 6, rounds: 1);

        Assert.Equal(18, (await _flow.BatchAsync(Batch)).Reserved);
    }

    /// <summary>Paused by somebody, who is told of nothing else: told when the batch runs again and it happens again.</summary>
    [Fact]
    public async Task Advance_AnotherChargeWhilePausedByRequest_PausesForTheNextOne()
    {
        await StartAsync(budget: null, Jobs(6, estimate: 4));
        await _flow.CommandAsync(Batch, new(CommandKind.Pause));
        await AcceptAsync(cost: 6);
        Assert.Equal(PauseReasons.ByRequest, (await _flow.BatchAsync(Batch)).ReasonCode);
        await _flow.CommandAsync(Batch, new(CommandKind.Resume));

        await AcceptAsync(cost: 6, which: 1);

        Assert.Equal(PauseReasons.ChargeDiffers, (await _flow.BatchAsync(Batch)).ReasonCode);
    }

    /// <summary>The one marker of an attempt says the last word, and that may be another by the time the batch looks.</summary>
    [Fact]
    public async Task Advance_GeneratedBeforeThePriceWasTakenIn_ReservesAndPausesAllTheSame()
    {
        await StartAsync(budget: null, Jobs(6, estimate: 4));
        var claim = (await _flow.RowsAsync<ActiveRow>(Batch, "A"))[0];
        var attempt = BatchHarness.NewAttempt(Batch, claim.N, claim.Attempt);
        (attempt.State, attempt.RequestId, attempt.Cost) = (JobState.Generating, "request-0", 6);
        var marker = MarkerRow.For(attempt, MarkerKind.Repriced);
        marker.ChargedCredits = "6";
        Assert.True(await _flow.Attempts.SaveAsync(attempt, marker, None));

        Assert.True(await _flow.Attempts.FreeSlotAsync(attempt, None));
        await _flow.AdvanceAsync(Batch);

        var batch = await _flow.BatchAsync(Batch);
        Assert.Equal((PauseReasons.ChargeDiffers, 10m, 1, 1), (batch.ReasonCode, batch.Reserved, batch.Copying, batch.Generating));
    }

    /// <summary>The word of its deadline, or of a refused key, took the place of the word of its price.</summary>
    [Theory]
    [InlineData(MarkerKind.Overdue, 4, 6)]
    [InlineData(MarkerKind.Blocked, 10, 0)]
    public async Task Advance_AnotherWordCameBeforeThePriceWasTakenIn_BindsThePriceAllTheSame(MarkerKind word, int reserved, int committed)
    {
        await StartAsync(budget: null, Jobs(6, estimate: 4));
        var claim = (await _flow.RowsAsync<ActiveRow>(Batch, "A"))[0];
        var attempt = BatchHarness.NewAttempt(Batch, claim.N, claim.Attempt);
        (attempt.State, attempt.RequestId, attempt.Cost) = (JobState.Generating, "request-0", 6);
        var marker = MarkerRow.For(attempt, word);
        marker.Code = "some_code";
        Assert.True(await _flow.Attempts.SaveAsync(attempt, marker, None));

        await _flow.AdvanceAsync(Batch);

        var batch = await _flow.BatchAsync(Batch);
        Assert.Equal((BatchState.Paused, reserved, committed), (batch.State, (int)batch.Reserved, (int)batch.Committed));
    }

    [Fact]
    public async Task Advance_ThePriceOfAnAbandonedJobComesLate_StaysCommittedAtIt()
    {
        await StartAsync(budget: 30, Jobs(2, estimate: 4));
        await _flow.CommandAsync(Batch, new(CommandKind.Abandon));
        var attempt = BatchHarness.NewAttempt(Batch, 0, 1);
        (attempt.State, attempt.RequestId, attempt.Cost) = (JobState.Generating, "request-0", 6);
        var marker = MarkerRow.For(attempt, MarkerKind.Repriced);
        marker.ChargedCredits = "6";
        Assert.True(await _flow.Attempts.SaveAsync(attempt, marker, None));

        await _flow.AdvanceAsync(Batch);

        Assert.Equal(10, (await _flow.BatchAsync(Batch)).Committed);
    }

    private static SeedJob[] Jobs(int count, decimal estimate) =>
        [.. Enumerable.Range(0, count).Select(_ => new SeedJob { Estimate = estimate })];

    private async Task StartAsync(decimal? budget, SeedJob[] jobs)
    {
        await _flow.SeedAsync(Batch, jobs, batch => (batch.Budget, batch.MaxConcurrency) = (budget, 2));
        await _flow.AdvanceAsync(Batch);
    }

    /// <summary>A claimed job's submission is accepted at that price.</summary>
    private async Task AcceptAsync(decimal cost, int which = 0)
    {
        var claim = (await _flow.RowsAsync<ActiveRow>(Batch, "A"))[which];
        var attempt = BatchHarness.NewAttempt(Batch, claim.N, claim.Attempt);
        (attempt.State, attempt.RequestId, attempt.Cost) = (JobState.Generating, $"request-{claim.N}", cost);
        var marker = MarkerRow.For(attempt, MarkerKind.Repriced);
        marker.ChargedCredits = cost.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(await _flow.Attempts.SaveAsync(attempt, marker, None));
        await _flow.AdvanceAsync(Batch);
    }
}
