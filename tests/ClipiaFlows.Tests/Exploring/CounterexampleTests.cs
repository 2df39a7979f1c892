using ClipiaFlows.Durable;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>
/// Orders that once violated something, as the exploration printed them. Each is followed by a fair end.
/// </summary>
public sealed class CounterexampleTests
{
    [Fact]
    public Task Delivery_BeforeAnAbandonedSubmissionIsAnswered_IsSettled() =>
        HoldsAsync(Scenario.OneJob, "submit 0 lost", "abandon", "done 1", "deliver 1", "submit 0 ok");

    [Fact]
    public Task Delivery_BeforeTheKeyExpires_IsSettledAfterIt() =>
        HoldsAsync(Scenario.OneJob, "submit 0 lost", "done 1", "deliver 1", "jump", "submit 0 ok");

    [Fact]
    public Task Delete_WhileASubmissionIsAboutToBeFrozen_LeavesNoRow() =>
        HoldsAsync(Scenario.TwoJobs, "abandon", "submit 0 ok stop 0", "delete", "go on");

    [Fact]
    public Task Delete_BeforeAStandingRunStartsAJob_EndsTheJobWithoutAPlan() =>
        HoldsAsync(Scenario.OneJob, "abandon", "batch stop 0", "tick", "delete", "run again");

    [Fact]
    public Task Delete_WhileASubmissionIsUnderWay_EndsIt() =>
        HoldsAsync(Scenario.TwoJobs, "submit 0 ok stop 1", "abandon", "delete", "go on");

    [Fact]
    public Task Submission_InDoubtAndRefusedForGood_StaysCommitted() =>
        HoldsAsync(Scenario.OneJob, "submit 0 accepted 500", "tick", "submit 0 422");

    [Fact]
    public Task Submission_InDoubtToldOfAndRefusedForGood_IsSettled() =>
        HoldsAsync(Scenario.OneJob, "submit 0 accepted 500", "done 1", "deliver 1", "submit 0 422", "abandon");

    [Fact]
    public Task LateDelivery_AndTheWatchdogComesBeforeItIsSettled_IsSettled() =>
        HoldsAsync(Scenario.TwoJobs, "submit 0 lost", "tick", "done 1", "submit 0 422", "deliver 1", "heartbeat");

    [Fact]
    public Task Claim_GivenUpBeforeItsInstanceWasStarted_IsSettled() =>
        HoldsAsync(Scenario.OneJob, "pause", "jump", "submit 0 503", "batch stop 2", "resume", "abandon", "restart");

    [Fact]
    public Task Claim_ReturnedWhileTheBatchIsCancelled_IsCancelled() =>
        HoldsAsync(Scenario.OneJob, "pause", "tick", "submit 0 ok stop 1", "cancel", "go on");

    [Fact]
    public Task Delivery_WhileAJobWasToldToTryAgain_IsTakenAtOnce() =>
        HoldsAsync(Scenario.OneJob, "pause", "submit 0 ok stop 1", "run again", "resume", "submit 0 lost", "go on", "done 1", "deliver 1");

    [Fact]
    public Task Claim_GivenBackByARunBesideItself_IsNotSentByTheOther() =>
        HoldsAsync(Scenario.TwoJobs, "submit 0 ok stop 0", "pause", "run again", "submit 0 429", "go on", "heartbeat");

    [Fact]
    public Task Submission_OfARunBesideItself_IsSeenAtTheNextTry() =>
        HoldsAsync(Scenario.OneJob, "submit 0 ok stop 2", "done 1", "deliver 1", "run again", "submit 0 503");

    [Fact]
    public Task Delete_WhileARunBesideItselfIsAboutToStoreItsFile_LeavesNoFile() =>
        HoldsAsync(Scenario.OneJob, "submit 0 ok", "done 1", "deliver 1", "copy 0 ok stop 0", "run again", "copy 0 ok", "delete", "go on");

    [Fact]
    public Task Delivery_BeforeTheUnresolvedEndIsSettled_IsTaken() =>
        HoldsAsync(Scenario.TwoJobs, "submit 0 lost", "jump", "done 1", "submit 0 ok stop 1", "deliver 1");

    [Fact]
    public Task Delete_WhileALateDeliveryIsAboutToWakeTheBatch_LeavesNothingForTheWatchdog() =>
        HoldsAsync(Scenario.OneJob, "submit 0 lost", "done 1", "tick", "submit 0 422", "deliver 1 stop 2", "delete");

    [Fact]
    public Task Claim_ReturnedAndMadeAgainBeforeItsInstanceHasEnded_IsStartedAgain() =>
        HoldsAsync(Scenario.OneJob, "pause", "tick", "submit 0 ok stop 2", "resume");

    [Fact]
    public Task Claim_BeingGivenBack_IsNotSentUntilItIsMadeAnew() =>
        HoldsAsync(Scenario.TwoJobs, "tick", "pause", "submit 0 ok stop 2", "restart", "batch stop 2", "resume", "submit 0 429", "abandon", "restart");

    [Fact]
    public Task LateDelivery_AndARunBesideItselfRecordsTheSubmission_IsSettled() => HoldsAsync(
        Scenario.TwoJobs, "submit 0 unreached", "jump", "submit 0 402", "retry", "submit 0.2 ok stop 2", "jump", "run again", "done 1",
        "submit 0.2 402", "deliver 1");

    [Fact]
    public Task Abandon_AfterTheClaimAndBeforeTheFreeze_SendsNothing() =>
        HoldsAsync(Scenario.TwoJobs, "abandon", "submit 0 ok", "delete");

    /// <summary>Abandoned before, while and after its files are stored: what is stored is named by a job that succeeded.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Abandon_WhileFilesAreStored_LeavesNoFileThatNoJobNames(int stop)
    {
        await HoldsAsync(Scenario.OneJob, "submit 0 ok", "done 1", "deliver 1", $"copy 0 ok stop {stop}", "abandon", "go on");
        await HoldsAsync(Scenario.OneJob, "submit 0 ok", "done 1", "deliver 1", $"copy 0 ok stop {stop}", "abandon", "run again", "copy 0 ok");
        await HoldsAsync(Scenario.OneJob, "submit 0 ok", "done 1", "deliver 1", $"copy 0 ok stop {stop}", "abandon", "restart", "heartbeat");
    }

    [Fact]
    public Task LateDelivery_OfAnAttemptThatWasLeftForAnother_LeavesNoFileThatNoJobNames() =>
        HoldsAsync(Scenario.OneJob, "submit 0 accepted 500", "jump", "submit 0 422", "retry", "abandon");

    [Fact]
    public async Task Abandon_BetweenTwoTriesOfACopy_LetsTheJobSucceed()
    {
        var world = await World.CreateAsync(Scenario.OneJob);
        foreach (var move in new[] { "submit 0 ok", "done 1", "deliver 1", "copy 0 503", "abandon" })
            Assert.True(await Moves.TryMakeAsync(world, move), move);

        await FairEnd.ReachAsync(world, []);

        Assert.Equal(JobState.Succeeded, Assert.Single(BatchRows.Read(world).Jobs).State);
    }

    /// <summary>A crash at any effect of the retry, or of the copy that follows it, neither pays nor counts anything twice.</summary>
    [Theory]
    [InlineData("retry")]
    [InlineData("batch stop 0", "retry", "go on")]
    [InlineData("batch stop 1", "retry", "restart", "heartbeat")]
    [InlineData("batch stop 2", "retry", "restart", "heartbeat")]
    [InlineData("retry", "submit 0 ok", "poll 0 ok", "copy 0 ok stop 0", "run again", "copy 0 ok", "go on")]
    [InlineData("retry", "submit 0 ok", "poll 0 ok", "copy 0 ok stop 2", "restart", "heartbeat")]
    [InlineData("retry", "submit 0 ok", "poll 0 ok", "copy 0 503", "cancel")]
    [InlineData("retry", "submit 0 ok", "poll 0 ok", "copy 0 lost", "retry", "submit 0 ok stop 0", "restart", "heartbeat")]
    [InlineData("retry", "submit 0 ok", "poll 0 ok", "copy 0 503", "restart", "heartbeat", "redeliver 1")]
    [InlineData("retry", "abandon")]
    public async Task Retry_OfAJobWhoseFilesWereLost_CollectsThemForNothing(params string[] moves)
    {
        var world = await World.CreateAsync(Scenario.OneJob);
        foreach (var move in (string[])["submit 0 ok", "done 1", "deliver 1", "copy 0 lost", .. moves])
        {
            Assert.True(await Moves.TryMakeAsync(world, move), $"'{move}' is not possible here any more.");
            Invariants.Check(world);
        }

        await FairEnd.ReachAsync(world, []);

        var rows = BatchRows.Read(world);
        Assert.Equal((JobState.Succeeded, 1, Generation.Cost), Assert.Single(rows.Jobs) is var job ? (job.State, job.Attempt, job.Charged) : default);
        Assert.Equal((Generation.Cost, 0m), (rows.Batch!.Charged, rows.Batch.Refunded));
        Assert.Single(world.Api.Generations);
    }

    /// <summary>Taken for its own, it would be what the job made once its submission is refused for good.</summary>
    [Fact]
    public async Task Delivery_OfADeletedBatchOfTheSameId_IsNotTakenForItsOwn()
    {
        var world = await World.CreateAsync(Scenario.OneJob);
        await Moves.TryMakeAsync(world, "submit 0 lost");

        await Deliveries.OfADeletedBatchAsync(world, InstanceIds.ForJob(Scenario.Batch, 0, 1));

        var attempt = await world.Jobs.FindAsync<AttemptRow>(Scenario.Batch, RowKeys.Attempt(0, 1), default);
        Assert.Null(attempt!.LateRequestId);
        await FairEnd.ReachAsync(world, []);
    }

    /// <summary>The API had denied to know the request, an hour after it was accepted, and then it is delivered.</summary>
    [Fact]
    public async Task Delivery_AsItsRequestIsGivenUp_IsSettled()
    {
        var world = await World.CreateAsync(Scenario.OneJob);
        foreach (var move in new[] { "submit 0 ok", "done 1", "deliver 1 stop 0" })
            Assert.True(await Moves.TryMakeAsync(world, move), move);
        var attempts = new AttemptStore(new Tables(world.Jobs, world.Batches, world.Keys), world.Time);
        var attempt = (await world.Jobs.FindAsync<AttemptRow>(Scenario.Batch, RowKeys.Attempt(0, 1), default))!;
        await attempts.EndAsync(attempt, JobState.Unresolved, "not_found", "Clipia does not know the accepted request any more.", failedUpstream: false, default);

        await Moves.TryMakeAsync(world, "go on");

        attempt = (await world.Jobs.FindAsync<AttemptRow>(Scenario.Batch, RowKeys.Attempt(0, 1), default))!;
        Assert.NotNull(attempt.LateRequestId);
        await FairEnd.ReachAsync(world, []);
    }

    private static async Task HoldsAsync(Scenario scenario, params string[] moves)
    {
        var world = await World.CreateAsync(scenario);
        foreach (var move in moves)
        {
            Assert.True(await Moves.TryMakeAsync(world, move), $"'{move}' is not possible here any more.");
            Invariants.Check(world);
        }

        await FairEnd.ReachAsync(world, []);
    }
}
