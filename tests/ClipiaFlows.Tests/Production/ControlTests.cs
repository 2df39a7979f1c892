using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Commands;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Production;

/// <summary>What commands and policy do to the jobs of a batch.</summary>
public sealed class ControlTests : IDisposable
{
    private const string Batch = "spring";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly BatchHarness _flow = new();

    public void Dispose() => _flow.Dispose();

    [Fact]
    public async Task Issue_SameOperationIdTwice_IsOneOperation()
    {
        await _flow.SeedAsync(Batch, Jobs(3));

        var first = await _flow.CommandAsync(Batch, new(CommandKind.Pause), "op-1");
        var second = await _flow.CommandAsync(Batch, new(CommandKind.Pause), "op-1");
        var other = await _flow.CommandAsync(Batch, new(CommandKind.Resume), "op-1");

        Assert.Equal(OperationStatus.Pending, Assert.IsType<CommandReceipt.Accepted>(first).Operation.Status);
        Assert.Equal(OperationStatus.Done, Assert.IsType<CommandReceipt.Accepted>(second).Operation.Status);
        Assert.Equal("operation_id_taken", Assert.IsType<CommandReceipt.Impossible>(other).Refusal.Code);
    }

    [Fact]
    public async Task Issue_TwoThatExcludeEachOther_TheSecondIsRefusedWithItsReason()
    {
        await _flow.SeedAsync(Batch, Jobs(3));
        await _flow.Commands.IssueAsync(Batch, new(CommandKind.Cancel), "first", _flow.Client, None);
        await _flow.Commands.IssueAsync(Batch, new(CommandKind.Pause), "second", _flow.Client, None);

        await _flow.AdvanceAsync(Batch);

        var operation = await _flow.Commands.FindAsync(Batch, "second", None);
        Assert.Equal((OperationStatus.Refused, CommandRules.WrongState), (operation!.Status, operation.Code));
    }

    [Fact]
    public async Task Pause_JobsUnderWay_AreCollectedAndNothingIsClaimed()
    {
        await _flow.SeedAsync(Batch, Jobs(20));
        await _flow.AdvanceAsync(Batch);

        await _flow.CommandAsync(Batch, new(CommandKind.Pause));
        foreach (var job in await _flow.RowsAsync<ActiveRow>(Batch, "A"))
            await _flow.EndAsync(Batch, job, JobState.Succeeded);
        await _flow.AdvanceAsync(Batch);

        var batch = await _flow.BatchAsync(Batch);
        Assert.Equal((6, 14, 0), (batch.Succeeded, batch.Ready, batch.Generating));
        await _flow.CommandAsync(Batch, new(CommandKind.Resume));
        Assert.Equal(6, (await _flow.BatchAsync(Batch)).Generating);
    }

    [Fact]
    public async Task Pause_JobsClaimedAndNotSent_GiveTheirSlotsBackAndAreClaimedAgain()
    {
        await _flow.SeedAsync(Batch, Jobs(20), batch => (batch.SampleLeft, batch.Budget) = (10, 40));
        await _flow.AdvanceAsync(Batch);
        await _flow.CommandAsync(Batch, new(CommandKind.Pause));

        foreach (var claim in await _flow.RowsAsync<ActiveRow>(Batch, "A"))
        {
            var attempt = BatchHarness.NewAttempt(Batch, claim.N, claim.Attempt);
            await _flow.Attempts.SaveAsync(attempt, MarkerRow.For(attempt, MarkerKind.Returned), None);
        }

        await _flow.AdvanceAsync(Batch);
        var batch = await _flow.BatchAsync(Batch);
        Assert.Equal((0, 20, 0m, 10), (batch.Generating, batch.Ready, batch.Reserved, batch.SampleLeft));
        _flow.Client.Instances.Clear();
        await _flow.CommandAsync(Batch, new(CommandKind.Resume));
        Assert.Equal(6, _flow.Client.Instances.Keys.Count(id => id.StartsWith("j-", StringComparison.Ordinal)));
        Assert.All(await _flow.RowsAsync<ActiveRow>(Batch, "A"), claim => Assert.Equal(1, claim.Attempt));
    }

    [Fact]
    public async Task Cancel_Drain_EndsWhatWasNotClaimedAndWaitsForTheRest()
    {
        await _flow.SeedAsync(Batch, [.. Jobs(2000), new SeedJob(0), new SeedJob(2000)]);
        await _flow.AdvanceAsync(Batch);

        await _flow.CommandAsync(Batch, new(CommandKind.Cancel));
        var step = await _flow.RunToEndAsync(Batch);

        var batch = await _flow.BatchAsync(Batch);
        Assert.Equal(BatchStepKind.Finish, step.Kind);
        Assert.Equal((6, 1996), (batch.Succeeded, batch.Canceled));
        Assert.Equal(24, batch.Charged);
    }

    /// <summary>What is delivered is paid for, and its files are being stored: also where only the attempt's own row says so yet.</summary>
    [Theory]
    [InlineData(MarkerKind.Copying, true)]
    [InlineData(MarkerKind.Copying, false)]
    [InlineData(MarkerKind.RetryingCopy, true)]
    [InlineData(MarkerKind.RetryingCopy, false)]
    public async Task Cancel_AbandonWhileFilesAreStored_LetsTheJobSucceed(MarkerKind kind, bool advanceHasSeenIt)
    {
        await _flow.SeedAsync(Batch, Jobs(10));
        await _flow.AdvanceAsync(Batch);
        var active = await _flow.RowsAsync<ActiveRow>(Batch, "A");
        foreach (var job in active)
            await _flow.Attempts.SaveAsync(Generating(job), None);
        var copying = (await _flow.Attempts.FindAsync(BatchHarness.AttemptOf(Batch, 2, 1), None))!;
        copying.State = JobState.Copying;
        var told = MarkerRow.For(copying, kind);
        if (advanceHasSeenIt)
        {
            await _flow.Attempts.SaveAsync(copying, told, None);
            await _flow.AdvanceAsync(Batch);
            active = await _flow.RowsAsync<ActiveRow>(Batch, "A");
        }
        else
        {
            await _flow.Attempts.SaveAsync(copying, None);
        }

        await _flow.CommandAsync(Batch, new(CommandKind.Abandon));

        Assert.Equal(2, Assert.Single(await _flow.RowsAsync<ActiveRow>(Batch, "A")).N);
        Assert.Equal(BatchStepKind.Wait, (await _flow.AdvanceAsync(Batch)).Kind);
        Assert.False((await _flow.Attempts.FindAsync(BatchHarness.AttemptOf(Batch, 2, 1), None))!.IsAbandoned);
        Assert.True((await _flow.Attempts.FindAsync(BatchHarness.AttemptOf(Batch, 1, 1), None))!.IsAbandoned);
        await _flow.EndAsync(Batch, active.Single(job => job.N == 2), JobState.Succeeded);
        Assert.Equal(BatchStepKind.Finish, (await _flow.AdvanceAsync(Batch)).Kind);
        Assert.Equal((JobState.Succeeded, 4m), await _flow.JobAsync(Batch, 2) is var job2 ? (job2.State, job2.Charged) : default);
        Assert.Equal((1, 9), await _flow.BatchAsync(Batch) is var batch ? (batch.Succeeded, batch.Canceled) : default);
    }

    /// <summary>Between Advance's look at the attempt and its write, the attempt begins to store its files.</summary>
    [Fact]
    public async Task Cancel_AbandonAtTheMomentOfTheDelivery_LeavesItOnlyIfItWasFirst()
    {
        await _flow.SeedAsync(Batch, Jobs(1));
        await _flow.AdvanceAsync(Batch);
        await _flow.Attempts.SaveAsync(Generating(Assert.Single(await _flow.RowsAsync<ActiveRow>(Batch, "A"))), None);
        var delivered = (await _flow.Attempts.FindAsync(BatchHarness.AttemptOf(Batch, 0, 1), None))!;

        await _flow.CommandAsync(Batch, new(CommandKind.Abandon));

        Assert.False(await _flow.Attempts.FreeSlotAsync(delivered, None));
    }

    [Fact]
    public async Task Cancel_Abandon_EndsAtOnceAndSettlesWhatWasPaidForLater()
    {
        await _flow.SeedAsync(Batch, Jobs(10));
        await _flow.AdvanceAsync(Batch);
        var active = await _flow.RowsAsync<ActiveRow>(Batch, "A");
        foreach (var job in active)
            await _flow.Attempts.SaveAsync(Generating(job), None);

        await _flow.CommandAsync(Batch, new(CommandKind.Abandon));

        var batch = await _flow.BatchAsync(Batch);
        Assert.Equal((10, 24m, 0m, 6), (batch.Canceled, batch.Committed, batch.Charged, batch.LiveTails));
        Assert.Equal(BatchStepKind.Finish, (await _flow.AdvanceAsync(Batch)).Kind);
        Assert.All(active, job => Assert.True(_flow.Attempts.FindAsync(BatchHarness.AttemptOf(Batch, job.N, job.Attempt), None).Result!.IsAbandoned));

        // One was delivered after all, one failed; the others are still out.
        await _flow.EndAsync(Batch, active[0], JobState.Canceled);
        await _flow.EndAsync(Batch, active[1], JobState.Failed);
        await _flow.AdvanceAsync(Batch);
        batch = await _flow.BatchAsync(Batch);
        Assert.Equal((10, 16m, 4m, 4), (batch.Canceled, batch.Committed, batch.Charged, batch.LiveTails));
    }

    [Fact]
    public async Task Deadline_Passes_CancelsWhatWasNotClaimed()
    {
        await _flow.SeedAsync(Batch, Jobs(10), batch => batch.DeadlineAt = _flow.Time.GetUtcNow().AddSeconds(20));
        var step = await _flow.AdvanceAsync(Batch);
        Assert.Equal(_flow.Time.GetUtcNow().AddSeconds(20).UtcDateTime, step.WakeAt);

        _flow.Time.Advance(TimeSpan.FromSeconds(20));
        await _flow.AdvanceAsync(Batch);

        var batch = await _flow.BatchAsync(Batch);
        Assert.Equal((BatchState.Canceling, PauseReasons.Deadline, 4), (batch.State, batch.ReasonCode, batch.Canceled));
    }

    [Fact]
    public async Task ToleratedFailures_Passed_StopsSubmitting()
    {
        await _flow.SeedAsync(Batch, Jobs(40), batch => batch.ToleratedFailures = 3);

        await _flow.RunToEndAsync(Batch, job => job.N % 2 == 0 ? JobState.Failed : JobState.Succeeded);

        var batch = await _flow.BatchAsync(Batch);
        Assert.Equal((BatchState.Canceling, PauseReasons.Failures), (batch.State, batch.ReasonCode));
        Assert.InRange(batch.Failed, 4, 9);
        Assert.InRange(batch.Canceled, 25, 34);
    }

    [Fact]
    public async Task Sample_Done_WaitsForApprovalAndThenReleasesTheRest()
    {
        await _flow.SeedAsync(Batch, Jobs(10), batch => (batch.SampleLeft, batch.Retries) = (3, 1));
        await _flow.AdvanceAsync(Batch);
        var sample = await _flow.RowsAsync<ActiveRow>(Batch, "A");
        Assert.Equal([0, 1, 2], sample.Select(job => job.N));

        // A job of the sample that fails is tried again as part of it.
        await _flow.EndAsync(Batch, sample[0], JobState.Failed);
        await _flow.AdvanceAsync(Batch);
        await _flow.RunToEndAsync(Batch);
        Assert.Equal((BatchState.AwaitingApproval, 3), await StateAsync());

        await _flow.CommandAsync(Batch, new(CommandKind.Approve));
        await _flow.RunToEndAsync(Batch);
        Assert.Equal((BatchState.Running, 10), await StateAsync());

        async Task<(BatchState, int)> StateAsync() => await _flow.BatchAsync(Batch) is var batch ? (batch.State, batch.Succeeded) : default;
    }

    [Fact]
    public async Task Sample_Rejected_DropsTheRest()
    {
        await _flow.SeedAsync(Batch, Jobs(10), batch => batch.SampleLeft = 2);
        await _flow.RunToEndAsync(Batch);

        await _flow.CommandAsync(Batch, new(CommandKind.Reject));

        var batch = await _flow.BatchAsync(Batch);
        Assert.Equal((2, 8, PauseReasons.Rejected), (batch.Succeeded, batch.Canceled, batch.ReasonCode));
    }

    [Fact]
    public async Task Overdue_JobIsUnresolvedAndSettledWhenItComesAfterAll()
    {
        await _flow.SeedAsync(Batch, [new(), new(0)]);
        await _flow.AdvanceAsync(Batch);
        var claim = Assert.Single(await _flow.RowsAsync<ActiveRow>(Batch, "A"));
        var attempt = Generating(claim);
        var marker = MarkerRow.For(attempt, MarkerKind.Overdue);
        (marker.Code, marker.Message) = ("job_deadline", "Late.");
        await _flow.Attempts.SaveAsync(attempt, marker, None);

        var step = await _flow.AdvanceAsync(Batch);
        var batch = await _flow.BatchAsync(Batch);
        Assert.Equal((BatchStepKind.Finish, 1, 1, 4m), (step.Kind, batch.Unresolved, batch.Skipped, batch.Committed));

        await _flow.EndAsync(Batch, claim, JobState.Succeeded);
        await _flow.AdvanceAsync(Batch);
        batch = await _flow.BatchAsync(Batch);
        Assert.Equal((1, 0, 0m, 4m, 0), (batch.Succeeded, batch.Unresolved, batch.Committed, batch.Charged, batch.LiveTails));
    }

    [Fact]
    public async Task Unresolved_KeepsItsCreditsCommitted()
    {
        await _flow.SeedAsync(Batch, [new()], batch => batch.Budget = 4);
        await _flow.AdvanceAsync(Batch);

        await _flow.EndAsync(Batch, Assert.Single(await _flow.RowsAsync<ActiveRow>(Batch, "A")), JobState.Unresolved);
        await _flow.AdvanceAsync(Batch);

        var batch = await _flow.BatchAsync(Batch);
        Assert.Equal((4m, 0m, 0), (batch.Committed, batch.Reserved, batch.LiveTails));
    }

    [Fact]
    public async Task Charge_DiffersFromTheEstimate_PausesAndSaysSo()
    {
        await _flow.SeedAsync(Batch, Jobs(10));
        await _flow.AdvanceAsync(Batch);
        var claim = (await _flow.RowsAsync<ActiveRow>(Batch, "A"))[0];
        var attempt = Generating(claim);
        var marker = MarkerRow.For(attempt, MarkerKind.Repriced);
        marker.ChargedCredits = "6";
        await _flow.Attempts.SaveAsync(attempt, marker, None);

        await _flow.AdvanceAsync(Batch);

        var batch = await _flow.BatchAsync(Batch);
        Assert.Equal((BatchState.Paused, PauseReasons.ChargeDiffers, 26m), (batch.State, batch.ReasonCode, batch.Reserved));
        await _flow.CommandAsync(Batch, new(CommandKind.Resume));
        await _flow.EndAsync(Batch, claim, JobState.Succeeded, cost: 6);
        await _flow.AdvanceAsync(Batch);
        Assert.Equal((BatchState.Running, 6m), await _flow.BatchAsync(Batch) is var after ? (after.State, after.Charged) : default);
    }

    /// <summary>The alert of unresolved jobs asks for these counts, and so does whoever adds up what was spent.</summary>
    [Fact]
    public async Task Outcomes_OfWhatIsSettled_AreCountedOnceAndOfNothingElse()
    {
        var counted = new ConcurrentQueue<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, one) =>
        {
            if (instrument.Name == "clipiaflows.job.outcomes")
                one.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            // Other tests count at the same time.
            if (tags.ToArray().Any(tag => tag is { Key: "error.type", Value: "outcome-test" }))
                counted.Enqueue(tags[0].Value!.ToString()!);
        });
        listener.Start();
        await _flow.SeedAsync(Batch, Jobs(3));
        await _flow.AdvanceAsync(Batch);
        var claims = await _flow.RowsAsync<ActiveRow>(Batch, "A");

        await MarkAsync(claims[0], MarkerKind.Overdue);
        await MarkAsync(claims[1], MarkerKind.Returned);
        await MarkAsync(claims[2], MarkerKind.Done);
        await _flow.AdvanceAsync(Batch);
        await MarkAsync(claims[2], MarkerKind.Done);
        await _flow.AdvanceAsync(Batch);

        Assert.Equal(["Failed", "Unresolved"], counted.Order());
    }

    private async Task MarkAsync(ActiveRow claim, MarkerKind kind)
    {
        var attempt = Generating(claim);
        attempt.State = kind is MarkerKind.Done ? JobState.Failed : attempt.State;
        var marker = MarkerRow.For(attempt, kind);
        marker.Code = "outcome-test";
        await _flow.Tables.Jobs.CommitAsync(RowChanges.Putting(marker), default);
    }

    private static SeedJob[] Jobs(int count) => [.. Enumerable.Range(0, count).Select(_ => new SeedJob())];

    private static AttemptRow Generating(ActiveRow job)
    {
        var attempt = BatchHarness.NewAttempt(Batch, job.N, job.Attempt);
        (attempt.State, attempt.RequestId) = (JobState.Generating, $"request-{job.N}");
        return attempt;
    }
}
