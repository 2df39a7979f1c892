using ClipiaFlows.Production;
using ClipiaFlows.Production.Commands;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Production.Steps;
using ClipiaFlows.Status;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Status;

/// <summary>Lists of batches of one state.</summary>
public sealed class StateListingTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly BatchHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Batches_OfOneState_ReadNoRowsOfOthers()
    {
        for (var n = 0; n < 400; n++)
            await AddAsync($"batch-{n}", n % 100 == 0 ? BatchState.Failed : BatchState.Completed);
        var jobs = new CountedReads(_harness.Tables.Jobs);
        var queries = new BatchQueries(_harness.Tables with { Jobs = jobs }, _harness.Waiting);

        var (failed, next) = await queries.PageAsync(new BatchFilter(BatchState.Failed), "", 100, None);

        Assert.Equal((4, null), (failed.Count, next));
        Assert.Equal(4, jobs.Reads);
    }

    [Fact]
    public async Task Batches_PausedAndResumed_AreListedInTheStateTheyHave()
    {
        await AddAsync("one", BatchState.Running);

        await _harness.CommandAsync("one", new CommandRequest(CommandKind.Pause));
        Assert.Equal(["Paused"], await StatesOfOneAsync());
        await _harness.CommandAsync("one", new CommandRequest(CommandKind.Resume));
        Assert.Equal(["Running"], await StatesOfOneAsync());
        await _harness.CommandAsync("one", new CommandRequest(CommandKind.Cancel));
        Assert.Equal(["Canceling"], await StatesOfOneAsync());
    }

    [Fact]
    public async Task Batches_ClaimedAndSettled_DoNotWriteTheirEntry()
    {
        await AddAsync("one", BatchState.Running);
        var before = await EntryAsync("one");

        await _harness.AdvanceAsync("one");

        Assert.Equal(before!.ETag, (await EntryAsync("one"))!.ETag);
    }

    [Fact]
    public async Task Commit_LostToAnotherRun_ListsTheBatchAsTheOtherLeftIt()
    {
        await AddAsync("one", BatchState.Running);
        var stale = (await BatchSnapshot.ReadAsync(_harness.Tables, "one", None))!;
        await _harness.CommandAsync("one", new CommandRequest(CommandKind.Cancel));

        stale.Batch.PauseFor(PauseReasons.ByRequest, "x");
        var result = await BatchHarness.NewCommit(_harness.Tables, _harness.Time).SaveAsync(stale, new RowChanges(), None);

        Assert.Equal(StepResult.Conflict, result);
        Assert.Equal(["Canceling"], await StatesOfOneAsync());
    }

    [Fact]
    public async Task Commit_CrashAfterTheEntry_ListsTheBatchWithItsNextStep()
    {
        await AddAsync("one", BatchState.Running);
        var row = await _harness.BatchAsync("one");
        row.PauseFor(PauseReasons.ByRequest, "x");
        await BatchListing.WriteAsync(_harness.Tables, row, None);
        Assert.Empty(await StatesOfOneAsync());

        await _harness.CommandAsync("one", new CommandRequest(CommandKind.Pause));

        Assert.Equal(["Paused"], await StatesOfOneAsync());
    }

    [Fact]
    public async Task Commit_OfADeletedBatch_LeavesNoEntry()
    {
        await _harness.SeedAsync("one", [new SeedJob()]);

        await _harness.CommandAsync("one", new CommandRequest(CommandKind.Pause));

        Assert.Null(await EntryAsync("one"));
    }

    private async Task AddAsync(string id, BatchState state)
    {
        var listed = new BatchRow();
        await _harness.SeedAsync(id, [new SeedJob(), new SeedJob()], batch =>
        {
            (batch.State, batch.ListedAs) = (state, BatchIndexRow.ListedAs(state));
            listed = batch;
        });
        await _harness.Tables.Batches.CommitAsync(RowChanges.Putting(BatchIndexRow.ForListing(listed)), None);
    }

    private Task<BatchIndexRow?> EntryAsync(string id) => _harness.Tables.Batches.FindAsync<BatchIndexRow>(
        BatchIndexRow.All, BatchIndexRow.ForListing(id, _harness.Time.GetUtcNow()).RowKey, None);

    private async Task<IReadOnlyList<string>> StatesOfOneAsync()
    {
        var states = new List<string>();
        foreach (var state in Enum.GetValues<BatchState>())
        {
            var (page, _) = await new BatchQueries(_harness.Tables, _harness.Waiting).PageAsync(new BatchFilter(state), "", 10, None);
            states.AddRange(page.Select(batch => batch.State.ToString()));
        }

        return states;
    }
}
