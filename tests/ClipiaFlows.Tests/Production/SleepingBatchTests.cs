using ClipiaFlows.Durable;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Commands;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClipiaFlows.Tests.Production;

/// <summary>Batches that have nothing to do but wait sleep, and whatever they wait for wakes them.</summary>
public sealed class SleepingBatchTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly BatchHarness _harness = new();
    private readonly BatchInstances _watchdog;

    public SleepingBatchTests() =>
        _watchdog = new(_harness.Tables, _harness.Pacing, _harness.Time, NullLogger<BatchInstances>.Instance);

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Advance_NoSlotIsFree_SleepsUntilItsTurn()
    {
        await StartAsync("bulk", BatchHarness.Slots);
        await StartAsync("single", 1);

        Assert.Equal(new BatchStep { Kind = BatchStepKind.Wait }, await _harness.AdvanceAsync("single"));
        Assert.Empty(Woken());
        await WatchAsync();
        Assert.DoesNotContain("single", Woken());

        await EndOneAsync("bulk");
        await _harness.AdvanceAsync("bulk");
        Assert.Equal(["single"], Woken().Except(["bulk"]));
        await _harness.AdvanceAsync("single");
        Assert.Equal(1, (await _harness.BatchAsync("single")).Generating);
    }

    [Fact]
    public async Task Advance_NoSlotIsFreeAndADeadline_SleepsUntilThat()
    {
        await StartAsync("bulk", BatchHarness.Slots);
        var deadline = _harness.Time.GetUtcNow().AddHours(3);
        await StartAsync("single", 1, batch => batch.DeadlineAt = deadline);

        Assert.Equal(BatchStep.WaitUntil(deadline), await _harness.AdvanceAsync("single"));

        _harness.Time.Advance(TimeSpan.FromHours(3));
        await WatchAsync();
        Assert.Contains("single", Woken());
        await _harness.AdvanceAsync("single");
        Assert.Equal(BatchState.Canceling, (await _harness.BatchAsync("single")).State);
    }

    [Fact]
    public async Task Watchdog_SlotWasFreedAndNobodyWoken_WakesTheHeadOfTheLine()
    {
        await StartAsync("bulk", BatchHarness.Slots);
        foreach (var single in new[] { "single-1", "single-2", "single-3" })
            await StartAsync(single, 1);
        foreach (var job in (await _harness.RowsAsync<ActiveRow>("bulk", "A")).Take(2))
            await _harness.EndAsync("bulk", job, JobState.Succeeded);
        await _harness.AdvanceAsync("bulk");
        _harness.Client.Events.Clear();

        await WatchAsync();

        Assert.Equal(["single-1", "single-2"], Woken().Except(["bulk"]));
    }

    [Fact]
    public async Task Watchdog_FirstInLineIsGone_WakesTheNextAtOnce()
    {
        await StartAsync("bulk", BatchHarness.Slots);
        await _harness.Pacing.HoldAsync("gone", new(0, 1, 1, new(DateTimeOffset.MaxValue, 1, 0, 0)), None);
        await StartAsync("single", 1);
        await EndOneAsync("bulk");
        await _harness.AdvanceAsync("bulk");
        _harness.Client.Events.Clear();

        await WatchAsync();

        Assert.Contains("single", Woken());
        await _harness.AdvanceAsync("single");
        Assert.Equal(1, (await _harness.BatchAsync("single")).Generating);
    }

    [Fact]
    public async Task Watchdog_FirstInLineIsSuspended_LetsTheNextGoAMinuteLater()
    {
        await StartAsync("bulk", BatchHarness.Slots);
        await StartAsync("suspended", 1);
        await StartAsync("single", 1);
        _harness.Client.Instances[InstanceIds.ForBatch("suspended")] = OrchestrationRuntimeStatus.Suspended;
        await EndOneAsync("bulk");
        await _harness.AdvanceAsync("bulk");
        await WatchAsync();
        Assert.DoesNotContain("single", Woken());

        await WatchAsync();

        Assert.Contains("single", Woken());
        await _harness.AdvanceAsync("single");
        Assert.Equal(1, (await _harness.BatchAsync("single")).Generating);
    }

    [Theory]
    [InlineData(BatchState.Paused, PauseReasons.ByRequest, false)]
    [InlineData(BatchState.Paused, PauseReasons.Budget, false)]
    [InlineData(BatchState.AwaitingApproval, null, false)]
    [InlineData(BatchState.Paused, "insufficient_credits", true)]
    [InlineData(BatchState.Paused, "invalid_api_key", true)]
    public async Task Watchdog_BatchWaitsForAPerson_IsLeftAloneForAnHour(BatchState state, string? reason, bool isWoken)
    {
        await StartAsync("batch", 1, batch => (batch.State, batch.ReasonCode) = (state, reason));

        await WatchAsync();
        Assert.Equal(isWoken, Woken().Contains("batch"));

        _harness.Time.Advance(TimeSpan.FromMinutes(61));
        await WatchAsync();
        Assert.Contains("batch", Woken());
    }

    [Fact]
    public async Task Watchdog_BatchesThatArePlannedCanceledDeletedOrRun_AreWoken()
    {
        await StartAsync("running", 1);
        foreach (var state in new[] { BatchState.Planning, BatchState.Canceling, BatchState.Deleting })
        {
            await _harness.SeedAsync(state.ToString(), [new SeedJob()], batch => batch.State = state);
            await WatchedAsync(state.ToString());
        }

        await WatchAsync();

        Assert.Equal(["Canceling", "Deleting", "Planning", "running"], Woken().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Watchdog_CommandWasWrittenAndItsWakeUpLost_WakesTheSleepingBatch()
    {
        await StartAsync("bulk", BatchHarness.Slots);
        await StartAsync("single", 1);
        await StartAsync("paused", 1, batch => batch.PauseFor(PauseReasons.ByRequest, null));
        await WatchAsync();
        Assert.Equal(["bulk"], Woken());

        await _harness.Commands.IssueAsync("single", new CommandRequest(CommandKind.Cancel), null, _harness.Client, None);
        await _harness.Commands.IssueAsync("paused", new CommandRequest(CommandKind.Resume), null, _harness.Client, None);
        _harness.Client.Events.Clear();
        await WatchAsync();

        Assert.Equal(["bulk", "paused", "single"], Woken().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Watchdog_HundredsWaitInLine_ReadsRangesOnly()
    {
        await StartAsync("bulk", BatchHarness.Slots);
        for (var n = 0; n < 300; n++)
            await StartAsync($"single-{n:D3}", 1);
        var jobs = new CountedReads(_harness.Tables.Jobs);
        var watchdog = new BatchInstances(_harness.Tables with { Jobs = jobs }, _harness.Pacing, _harness.Time, NullLogger<BatchInstances>.Instance);
        _harness.Client.Events.Clear();

        await watchdog.WakeAllAsync(_harness.Client, None);

        Assert.Equal(["bulk"], Woken());
        Assert.InRange(jobs.Reads, 0, 2);
    }

    [Fact]
    public async Task Advance_PausedWhileInLine_GivesUpItsPlace()
    {
        await StartAsync("bulk", BatchHarness.Slots);
        await StartAsync("first", 1);
        await StartAsync("second", 1);

        await _harness.CommandAsync("first", new CommandRequest(CommandKind.Pause));
        _harness.Client.Events.Clear();
        await EndOneAsync("bulk");
        await _harness.AdvanceAsync("bulk");

        Assert.Equal(["second"], Woken().Except(["bulk"]));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Advance_ItsLastStatementCameAfterTheEndOfTheBatch_GivesTheSlotsBack(bool isDeleted)
    {
        await _harness.SeedAsync("batch", [new SeedJob()]);
        var beside = _harness.NewAdvance();
        await _harness.AdvanceAsync("batch", beside);
        await EndOneAsync("batch");
        await _harness.RunToEndAsync("batch");
        var row = await _harness.BatchAsync("batch");
        row.State = BatchState.Completed;
        await _harness.Tables.Jobs.CommitAsync(isDeleted ? Deleting(row) : RowChanges.Replacing(row), None);
        await _harness.Pacing.HoldAsync("batch", new(1, 0, 1), None);

        await beside.RunAsync(new() { Batch = "batch" }, _harness.Client, None);

        Assert.Equal(0, (await _harness.Pacing.LineAsync(None)).Line.Held);
    }

    private static RowChanges Deleting(BatchRow row)
    {
        var changes = new RowChanges();
        changes.Delete(row);
        return changes;
    }

    private async Task StartAsync(string batch, int jobs, Action<BatchRow>? configure = null)
    {
        await _harness.SeedAsync(batch, [.. Enumerable.Range(0, jobs).Select(_ => new SeedJob())], configure);
        await WatchedAsync(batch);
        await _harness.AdvanceAsync(batch);
        _harness.Client.Events.Clear();
    }

    private async Task WatchedAsync(string batch)
    {
        await _harness.Tables.Batches.CommitAsync(RowChanges.Putting(BatchIndexRow.ForWatchdog(batch, _harness.Time.GetUtcNow())), None);
        _harness.Client.Instances[InstanceIds.ForBatch(batch)] = OrchestrationRuntimeStatus.Running;
    }

    private async Task EndOneAsync(string batch) =>
        await _harness.EndAsync(batch, (await _harness.RowsAsync<ActiveRow>(batch, "A"))[0], JobState.Succeeded);

    private async Task WatchAsync()
    {
        _harness.Client.Events.Clear();
        await _watchdog.WakeAllAsync(_harness.Client, None);
    }

    private List<string> Woken() =>
        [.. _harness.Client.Events.Where(sent => sent.Event == Events.WakeUp).Select(sent => sent.Instance[InstanceIds.ForBatch("").Length..]).Distinct()];
}
