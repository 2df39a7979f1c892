using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Status;

namespace ClipiaFlows.Tests.Status;

/// <summary>The table of what jobs wait for, row by row.</summary>
public sealed class WaitingRulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>State of the batch, what else holds, and what a ready job waits for.</summary>
    public static TheoryData<string, Action<BatchRow>, string, string> Ready => new()
    {
        { "nothing", _ => { }, "next_step", "No limit holds it back; the batch's next step submits it." },
        { "canceling", batch => batch.CancelFor(PauseReasons.ByRequest, "x"), "canceling", "The batch is canceling, so nothing more is submitted." },
        { "planning", batch => (batch.State, batch.Seeded) = (BatchState.Planning, 3), "planning", "The batch is still being planned: 3 of 9 jobs are priced." },
        { "planning, refused", batch => (batch.State, batch.Reason) = (BatchState.Planning, "Prices cannot be had: no"), "planning", "The batch is still being planned: Prices cannot be had: no." },
        { "paused by a person", batch => batch.PauseFor(PauseReasons.ByRequest, "Paused by request."), "paused", "The batch was paused by request; resume it to continue." },
        { "paused for credits", batch => batch.PauseFor("insufficient_credits", "The account has 1 credit."), "paused", "The batch is paused: The account has 1 credit." },
        { "paused for the budget", batch => batch.PauseFor(PauseReasons.Budget, "0 of 8 credits are left."), "budget", "0 of 8 credits are left." },
        { "awaiting approval", batch => batch.State = BatchState.AwaitingApproval, "approval", "The sample is done; the other jobs run once it is approved." },
        { "retry", batch => batch.IsRetrying = true, "retry", "A retry of the batch is being priced, and nothing is submitted until that is done." },
        { "sample under way", batch => batch.SampleLeft = 0, "approval", "The sample is being produced; the other jobs run once it is approved." },
        { "budget", batch => (batch.Budget, batch.Reserved) = (10, 8), "budget", "2 of the budget of 10 credits are neither spent nor reserved, and the job costs 4." },
        { "copies", batch => batch.Copying = 20, "copies", "20 outputs of the batch are being stored, and at most 20 are at a time." },
        { "policy, one", batch => (batch.MaxConcurrency, batch.Generating) = (1, 1), "max_concurrency", "The batch's policy allows 1 generation at a time (maxConcurrency), and 1 is under way." },
        { "policy", batch => (batch.MaxConcurrency, batch.Generating) = (4, 4), "max_concurrency", "The batch's policy allows 4 generations at a time (maxConcurrency), and 4 are under way." },
        { "budget before policy", batch => (batch.Budget, batch.Charged, batch.MaxConcurrency, batch.Generating) = (10, 8, 2, 2), "budget", "2 of the budget of 10 credits are neither spent nor reserved, and the job costs 4." },
        { "pause before retry", batch => { batch.IsRetrying = true; batch.PauseFor(PauseReasons.ByRequest, "x"); }, "paused", "The batch was paused by request; resume it to continue." },
    };

    [Theory]
    [MemberData(nameof(Ready))]
    public void Of_ReadyJob_IsTheFirstReasonThatApplies(string what, Action<BatchRow> set, string code, string detail)
    {
        var batch = Batch(set);

        var why = WaitingRules.Of(Facts(batch), new(Job(JobState.Ready)));

        Assert.Equal((what, code, detail), (what, why!.Code, why.Detail));
    }

    [Theory]
    [InlineData("this=10", "The API key allows 10 generations at a time, and all are in use: 10 by this batch.")]
    [InlineData("bulk=10", "The API key allows 10 generations at a time, and all are in use: 10 by batch 'bulk'.")]
    [InlineData("bulk=8,this=2", "The API key allows 10 generations at a time, and all are in use: 8 by batch 'bulk' and 2 by this batch.")]
    [InlineData("a=2,b=2,c=2,d=2,e=2", "The API key allows 10 generations at a time, and all are in use: 2 by batch 'a', 2 by batch 'b', 2 by batch 'c' and 4 by 2 more.")]
    [InlineData("gone=0,bulk=10", "The API key allows 10 generations at a time, and all are in use: 10 by batch 'bulk'.")]
    public void Of_AllSlotsInUse_NamesAFewHolders(string holders, string detail)
    {
        var facts = Facts(Batch(_ => { })) with { Holders = Parse(holders) };

        Assert.Equal(new WaitingFor("key_slots", detail), WaitingRules.Of(facts, new(Job(JobState.Ready))));
    }

    [Fact]
    public void Of_SlotsFree_IsNoSlotsReason()
    {
        var facts = Facts(Batch(_ => { })) with { Holders = Parse("bulk=9") };

        Assert.Equal("next_step", WaitingRules.Of(facts, new(Job(JobState.Ready)))!.Code);
    }

    [Theory]
    [InlineData("a=Submitting", "", "dependency", "It needs 'a' (under way).")]
    [InlineData("a=Succeeded,b=Ready", "", "dependency", "It needs 'b' (ready).")]
    [InlineData("a=Ready,b=Waiting", "", "dependency", "It needs 'a' (ready) and 'b' (waiting).")]
    [InlineData("a=Ready,b=Ready,c=Ready,d=Ready,e=Ready", "", "dependency", "It needs 'a' (ready), 'b' (ready), 'c' (ready) and 2 more.")]
    [InlineData("a=Succeeded", "", "dependency", "The jobs that it needs have ended; the batch's next step makes it ready.")]
    [InlineData("a=Succeeded", "first=Generating", "reuse", "It is equal to 'first' (under way), and takes that output once it is there.")]
    [InlineData("a=Ready", "first=Generating", "dependency", "It needs 'a' (ready).")]
    [InlineData(null, null, "dependency", "It waits for 2 other jobs of the batch.")]
    public void Of_WaitingJob_NamesWhatItNeeds(string? needs, string? equal, string code, string detail)
    {
        var job = new JobFacts(Job(JobState.Waiting), Needs: Awaited(needs), EqualJobs: Awaited(equal));

        Assert.Equal(new WaitingFor(code, detail), WaitingRules.Of(Facts(Batch(_ => { })), job));
    }

    [Theory]
    [InlineData(30, 0, false, "request_rate")]
    [InlineData(-1, 0, false, null)]
    [InlineData(-1, 2, true, "request_rate")]
    [InlineData(-1, 0, true, null)]
    public void Of_ClaimedJob_WaitsForTheRequestRate(int secondsToTurn, int tries, bool hasAttempt, string? code)
    {
        var attempt = hasAttempt ? new AttemptRow { Tries = tries } : null;
        var job = new JobFacts(Job(JobState.Submitting), attempt, Noon.AddSeconds(secondsToTurn));

        Assert.Equal(code, WaitingRules.Of(Facts(Batch(_ => { })), job)?.Code);
    }

    [Fact]
    public void Of_ClaimedJobOfAPausedBatch_IsPaused()
    {
        var job = new JobFacts(Job(JobState.Submitting), null, Noon.AddMinutes(-1));

        Assert.Equal("paused", WaitingRules.Of(Facts(Batch(batch => batch.PauseFor(PauseReasons.ByRequest, "x"))), job)?.Code);
    }

    [Theory]
    [InlineData(JobState.Generating)]
    [InlineData(JobState.Copying)]
    [InlineData(JobState.Succeeded)]
    [InlineData(JobState.Failed)]
    [InlineData(JobState.Canceled)]
    [InlineData(JobState.Skipped)]
    [InlineData(JobState.Unresolved)]
    public void Of_JobThatRunsOrHasEnded_IsNothing(JobState state) =>
        Assert.Null(WaitingRules.Of(Facts(Batch(_ => { })), new(Job(state))));

    [Fact]
    public void Of_JobThatIsBeingSent_IsNothing()
    {
        var sent = new AttemptRow { UnknownSince = Noon };

        Assert.Null(WaitingRules.Of(Facts(Batch(_ => { })), new(Job(JobState.Submitting), sent, Noon.AddSeconds(-1))));
    }

    [Fact]
    public void Summarize_RunningBatch_CountsByCode()
    {
        var batch = Batch(row => (row.Ready, row.Waiting, row.Generating) = (5, 3, 1));

        var waiting = WaitingRules.Summarize(Facts(batch) with { Holders = Parse("bulk=10") }, waitingForRate: 1, cheapest: null);

        Assert.Equal(
            [("key_slots", 5), ("request_rate", 1), ("dependency", 3)], waiting.Select(why => (why.Code, why.Jobs)));
        Assert.All(waiting, why => Assert.EndsWith(".", why.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public void Summarize_PausedBatch_IsOneReasonForAll()
    {
        var batch = Batch(row =>
        {
            (row.Ready, row.Waiting) = (5, 3);
            row.PauseFor(PauseReasons.ByRequest, "x");
        });

        Assert.Equal([("paused", 8)], WaitingRules.Summarize(Facts(batch), 0, null).Select(why => (why.Code, why.Jobs)));
    }

    [Fact]
    public void Summarize_BatchThatIsBeingPlanned_CountsTheJobsThatAreNotWrittenDownToo()
    {
        var batch = Batch(row => (row.State, row.Seeded, row.Ready, row.Failed) = (BatchState.Planning, 3, 2, 1));

        Assert.Equal([("planning", 8)], WaitingRules.Summarize(Facts(batch), 0, null).Select(why => (why.Code, why.Jobs)));
    }

    [Theory]
    [InlineData(BatchState.Completed)]
    [InlineData(BatchState.Failed)]
    [InlineData(BatchState.Canceled)]
    [InlineData(BatchState.Deleting)]
    public void Summarize_BatchThatHasEnded_IsEmpty(BatchState state) =>
        Assert.Empty(WaitingRules.Summarize(Facts(Batch(row => row.State = state)), 0, null));

    private static WaitingFacts Facts(BatchRow batch) => new(batch, 10, 120, Parse(""), Noon);

    private static BatchRow Batch(Action<BatchRow> set)
    {
        var batch = new BatchRow
        {
            PartitionKey = "this", RowKey = BatchRow.Key, State = BatchState.Running, MaxConcurrency = 10, Total = 9, Seeded = 9,
        };
        set(batch);
        return batch;
    }

    private static JobRow Job(JobState state) => new() { N = 7, Id = "job", Model = "m", State = state, Estimate = 4, NeedsLeft = 2 };

    private static Dictionary<string, int> Parse(string holders) => holders.Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(one => one.Split('=')).ToDictionary(one => one[0], one => int.Parse(one[1], System.Globalization.CultureInfo.InvariantCulture));

    private static List<AwaitedJob>? Awaited(string? jobs) => jobs is null
        ? null
        : [.. jobs.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('=')).Select(one => new AwaitedJob(one[0], Enum.Parse<JobState>(one[1])))];
}
