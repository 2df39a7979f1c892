using Azure.Data.Tables;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Tests.Stores;

/// <summary>What the product relies on, whatever holds the rows.</summary>
public abstract class RowStoreContract
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly string _batch = $"b{Guid.NewGuid():N}"[..20];

    protected abstract Task<IRowStore> CreateStoreAsync();

    [Fact]
    public async Task Find_AddedRow_GivesBackEveryColumn()
    {
        var store = await CreateStoreAsync();
        var now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var row = Attempt(1);
        row.Body = [1, 2, 3];
        row.UnknownSince = now;
        row.Cost = 4.5m;
        row.State = JobState.Generating;
        row.IsVideo = true;

        Assert.True(await store.CommitAsync(Adding(row), None));

        var found = await store.FindAsync<AttemptRow>(_batch, row.RowKey, None);
        Assert.NotNull(found);
        Assert.Equal(new byte[] { 1, 2, 3 }, found.Body);
        Assert.Equal(now, found.UnknownSince);
        Assert.Equal(4.5m, found.Cost);
        Assert.Equal(JobState.Generating, found.State);
        Assert.True(found.IsVideo);
        Assert.Null(found.SubmittedAt);
        Assert.NotEqual(default, found.ETag);
    }

    [Fact]
    public async Task Find_MissingRow_GivesNull() =>
        Assert.Null(await (await CreateStoreAsync()).FindAsync<AttemptRow>(_batch, "R|x", None));

    [Fact]
    public async Task Commit_MergeOfNothing_HoldsWhileTheRowIsThereAndChangesNoColumn()
    {
        var store = await CreateStoreAsync();
        await store.CommitAsync(Adding(Attempt(1)), None);

        Assert.True(await store.CommitAsync(Beside(Attempt(2)), None));
        Assert.Equal("hero", (await store.FindAsync<AttemptRow>(_batch, Attempt(1).RowKey, None))!.JobId);
        await store.CommitAsync(Deleting((await store.FindAsync<AttemptRow>(_batch, Attempt(1).RowKey, None))!), None);

        Assert.False(await store.CommitAsync(Beside(Attempt(3)), None));
        Assert.Null(await store.FindAsync<AttemptRow>(_batch, Attempt(3).RowKey, None));

        RowChanges Beside(AttemptRow row)
        {
            var changes = Adding(row);
            changes.Merge(_batch, Attempt(1).RowKey);
            return changes;
        }

        static RowChanges Deleting(AttemptRow row)
        {
            var changes = new RowChanges();
            changes.Delete(row);
            return changes;
        }
    }

    [Fact]
    public async Task Range_Columns_ReadsNoOthers()
    {
        var store = await CreateStoreAsync();
        var row = Attempt(1);
        row.State = JobState.Copying;
        await store.CommitAsync(Adding(row), None);

        var found = new List<AttemptRow>();
        await foreach (var one in store.RangeAsync<AttemptRow>(_batch, "R|", RowKeys.EndOf("R"), null, None, [nameof(AttemptRow.JobId)]))
            found.Add(one);

        var only = Assert.Single(found);
        Assert.Equal((row.RowKey, "hero", JobState.Submitting), (only.RowKey, only.JobId, only.State));
        Assert.NotEqual(default, only.ETag);
    }

    [Fact]
    public async Task Range_Where_GivesOnlyRowsThatHoldTheTextsHoweverTheyAreWritten()
    {
        var store = await CreateStoreAsync();
        var other = Attempt(2, "it's");
        other.State = JobState.Failed;
        await store.CommitAsync(Adding(Attempt(1, "it's"), other, Attempt(3, "plain")), None);

        Assert.Equal([1, 2], await WhereAsync(("JobId", "it's")));
        Assert.Equal([2], await WhereAsync(("JobId", "it's"), ("State", "Failed")));
        Assert.Empty(await WhereAsync(("JobId", "it")));

        async Task<List<int>> WhereAsync(params (string, string)[] where)
        {
            var found = new List<int>();
            await foreach (var row in store.RangeAsync<AttemptRow>(_batch, "R|", RowKeys.EndOf("R"), null, None, columns: null, where))
                found.Add(row.N);
            return found;
        }
    }

    [Fact]
    public async Task Commit_RowExists_IsConflictAndKeepsTheFirst()
    {
        var store = await CreateStoreAsync();
        await store.CommitAsync(Adding(Attempt(1, "first")), None);

        Assert.False(await store.CommitAsync(Adding(Attempt(1, "second")), None));
        Assert.Equal("first", (await FindAsync(store, 1)).JobId);
    }

    [Fact]
    public async Task Commit_StaleETag_IsConflictAndChangesNothingElse()
    {
        var store = await CreateStoreAsync();
        await store.CommitAsync(Adding(Attempt(1), Attempt(2)), None);
        var stale = await FindAsync(store, 1);
        await store.CommitAsync(RowChanges.Replacing(await FindAsync(store, 1)), None);

        var changes = new RowChanges();
        changes.Delete(await FindAsync(store, 2));
        changes.Replace(stale);

        Assert.False(await store.CommitAsync(changes, None));
        Assert.NotNull(await store.FindAsync<AttemptRow>(_batch, RowKeys.Attempt(2, 1), None));
    }

    [Fact]
    public async Task Commit_DeleteOfMissingRow_IsConflict()
    {
        var store = await CreateStoreAsync();
        await store.CommitAsync(Adding(Attempt(1)), None);
        var row = await FindAsync(store, 1);
        var deleting = new RowChanges();
        deleting.Delete(row);
        Assert.True(await store.CommitAsync(deleting, None));

        Assert.False(await store.CommitAsync(deleting, None));
    }

    [Fact]
    public async Task Commit_Put_ReplacesWhateverStandsThere()
    {
        var store = await CreateStoreAsync();
        var first = Attempt(1, "first");
        first.Code = "a code";
        await store.CommitAsync(RowChanges.Putting(first), None);
        await store.CommitAsync(RowChanges.Putting(Attempt(1, "second")), None);

        var found = await FindAsync(store, 1);
        Assert.Equal("second", found.JobId);
        Assert.Null(found.Code);
    }

    [Fact]
    public async Task Commit_Merge_KeepsOtherColumns()
    {
        var store = await CreateStoreAsync();
        await store.CommitAsync(Adding(Attempt(1, "kept")), None);
        var merging = new RowChanges();
        merging.Merge(_batch, RowKeys.Attempt(1, 1), (nameof(AttemptRow.State), JobState.Copying.ToString()));

        Assert.True(await store.CommitAsync(merging, None));

        var found = await FindAsync(store, 1);
        Assert.Equal(JobState.Copying, found.State);
        Assert.Equal("kept", found.JobId);
    }

    [Fact]
    public async Task Range_OfOneKind_GivesItInOrderAndNothingElse()
    {
        var store = await CreateStoreAsync();
        await store.CommitAsync(Adding(Attempt(3), Attempt(1), Attempt(20)), None);
        var other = new RowChanges();
        other.Add(new EdgeRow { PartitionKey = _batch, RowKey = RowKeys.Edge(1, 3), From = 1, To = 3 });
        await store.CommitAsync(other, None);

        Assert.Equal([1, 3, 20], await NumbersAsync(store, RowKeys.Attempt(0, 0), null));
        Assert.Equal([3, 20], await NumbersAsync(store, RowKeys.Attempt(2, 0), null));
        Assert.Equal([1, 3], await NumbersAsync(store, RowKeys.Attempt(0, 0), 2));
        Assert.Empty(await NumbersAsync(store, RowKeys.Attempt(0, 0), 0));
    }

    [Fact]
    public async Task Commit_HundredChanges_IsOneTransaction()
    {
        var store = await CreateStoreAsync();

        Assert.True(await store.CommitAsync(Adding([.. Enumerable.Range(0, 100).Select(n => Attempt(n))]), None));

        Assert.Equal(100, (await NumbersAsync(store, RowKeys.Attempt(0, 0), null)).Count);
    }

    [Fact]
    public async Task Commit_Done_GivesEveryWrittenRowTheETagThatStandsThere()
    {
        var store = await CreateStoreAsync();
        var (added, replaced, put) = (Attempt(1), Attempt(2), Attempt(3));
        await store.CommitAsync(Adding(replaced), None);
        var before = replaced.ETag;
        var changes = Adding(added);
        changes.Replace(replaced);
        changes.Put(put);

        Assert.True(await store.CommitAsync(changes, None));

        Assert.NotEqual(before, replaced.ETag);
        foreach (var row in new[] { added, replaced, put })
            Assert.Equal((await FindAsync(store, row.N)).ETag, row.ETag);
        Assert.True(await store.CommitAsync(RowChanges.Replacing(added), None));
    }

    [Fact]
    public async Task Commit_OneChange_IsConflictOrDoneAsAmongOthers()
    {
        var store = await CreateStoreAsync();
        var row = Attempt(1, "first");
        Assert.True(await store.CommitAsync(Adding(row), None));
        Assert.False(await store.CommitAsync(Adding(Attempt(1, "second")), None));
        var stale = await FindAsync(store, 1);
        row.JobId = "third";
        Assert.True(await store.CommitAsync(RowChanges.Replacing(row), None));
        Assert.False(await store.CommitAsync(RowChanges.Replacing(stale), None));
        Assert.Equal(("third", row.ETag), ((await FindAsync(store, 1)).JobId, (await FindAsync(store, 1)).ETag));

        Assert.False(await store.CommitAsync(Deleting(stale), None));
        Assert.True(await store.CommitAsync(Deleting(row), None));
        Assert.False(await store.CommitAsync(Deleting(row), None));
        Assert.False(await store.CommitAsync(RowChanges.Replacing(row), None));
        var merging = new RowChanges();
        merging.Merge(_batch, row.RowKey, (nameof(AttemptRow.Code), "a code"));
        Assert.False(await store.CommitAsync(merging, None));
        Assert.True(await store.CommitAsync(RowChanges.Putting(row), None));

        static RowChanges Deleting(AttemptRow gone)
        {
            var changes = new RowChanges();
            changes.Delete(gone);
            return changes;
        }
    }

    [Fact]
    public async Task Range_OfSeveralKinds_GivesRowsThatBecomeTheirTypes()
    {
        var store = await CreateStoreAsync();
        var now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var batch = new BatchRow
        {
            PartitionKey = _batch, RowKey = BatchRow.Key, State = BatchState.Paused, Total = 3, JobDeadlineSeconds = 60, DeadlineAt = now,
            SampleLeft = 2, Events = 5, IsRetrying = true, Estimated = 1.5m,
        };
        var attempt = Attempt(1);
        attempt.Body = [1, 2];
        var changes = Adding(attempt);
        changes.Add(batch);
        await store.CommitAsync(changes, None);

        var rows = new List<TableEntity>();
        await foreach (var row in store.RangeAsync<TableEntity>(_batch, "A|", RowKeys.EndOf("R"), null, None))
            rows.Add(row);

        Assert.Equal([BatchRow.Key, attempt.RowKey], rows.Select(row => row.RowKey));
        var found = rows[0].As<BatchRow>();
        Assert.Equal(
            (BatchState.Paused, 3, 60d, now, 2, 5L, true, 1.5m, batch.ETag),
            (found.State, found.Total, found.JobDeadlineSeconds, found.DeadlineAt, found.SampleLeft, found.Events, found.IsRetrying, found.Estimated, found.ETag));
        Assert.Equal(_batch, found.PartitionKey);
        Assert.Null(found.BudgetCredits);
        Assert.Equal(new byte[] { 1, 2 }, rows[1].As<AttemptRow>().Body);
    }

    private async Task<AttemptRow> FindAsync(IRowStore store, int n)
    {
        var row = await store.FindAsync<AttemptRow>(_batch, RowKeys.Attempt(n, 1), None);
        Assert.NotNull(row);
        return row;
    }

    private async Task<List<int>> NumbersAsync(IRowStore store, string from, int? limit)
    {
        var numbers = new List<int>();
        await foreach (var row in store.RangeAsync<AttemptRow>(
            _batch, from, RowKeys.EndOf("R"), limit, None, [nameof(AttemptRow.N)]))
            numbers.Add(row.N);
        return numbers;
    }

    private AttemptRow Attempt(int n, string jobId = "hero") => new()
    {
        PartitionKey = _batch,
        RowKey = RowKeys.Attempt(n, 1),
        N = n,
        Attempt = 1,
        JobId = jobId,
    };

    private static RowChanges Adding(params AttemptRow[] rows)
    {
        var changes = new RowChanges();
        foreach (var row in rows)
            changes.Add(row);
        return changes;
    }
}
