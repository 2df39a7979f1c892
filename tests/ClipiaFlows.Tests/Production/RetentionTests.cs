using ClipiaFlows.Durable;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Retention;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Tests.Production;

/// <summary>Batches that ended long ago go with everything that belongs to them, and no others.</summary>
public sealed class RetentionTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly BatchHarness _harness = new();
    private readonly InMemoryOutputStore _outputs = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Run_DaysAfterTheEnd_DeletesTheBatchAndLeavesNothing()
    {
        await EndedAsync("old");
        _harness.Time.Advance(TimeSpan.FromDays(2));
        await EndedAsync("young");

        Assert.Equal(1, await RetireAsync(days: 1));
        await DeleteAsync("old");
        await new BatchInstances(_harness.Tables, _harness.Pacing, _harness.Time, NullLogger<BatchInstances>.Instance).WakeAllAsync(_harness.Client, None);

        Assert.Equal(0, await RetireAsync(days: 1));
        Assert.Null(await _harness.Tables.Jobs.FindAsync<BatchRow>("old", BatchRow.Key, None));
        Assert.NotNull(await _harness.Tables.Jobs.FindAsync<BatchRow>("young", BatchRow.Key, None));
        Assert.Empty(await RowsOfAsync("old"));
        Assert.DoesNotContain(InstanceIds.ForBatch("old"), _harness.Client.Instances.Keys);
        Assert.DoesNotContain(_harness.Blobs.Blobs.Keys, name => name.Contains("old", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_NoDaysAreSet_KeepsEverything()
    {
        await EndedAsync("old");
        _harness.Time.Advance(TimeSpan.FromDays(4000));

        Assert.Equal(0, await RetireAsync(days: 0));
    }

    [Fact]
    public async Task Run_BatchStillRuns_IsLeftAlone()
    {
        await _harness.SeedAsync("long", [new SeedJob()]);
        await ListAsync("long");
        _harness.Time.Advance(TimeSpan.FromDays(30));

        Assert.Equal(0, await RetireAsync(days: 1));
    }

    [Fact]
    public async Task Run_TwiceBeforeTheBatchIsGone_IsOneCommand()
    {
        await EndedAsync("old");
        _harness.Time.Advance(TimeSpan.FromDays(2));

        await RetireAsync(days: 1);
        await RetireAsync(days: 1);

        Assert.Single(await _harness.RowsAsync<CommandRow>("old", "E"));
    }

    /// <summary>Somebody retried it at that moment; once it has ended again, its days are counted anew.</summary>
    [Fact]
    public async Task Run_WasRefusedBecauseOfARetry_DeletesTheBatchAfterItsNextEnd()
    {
        await EndedAsync("old");
        _harness.Time.Advance(TimeSpan.FromDays(2));
        await RetireAsync(days: 1);
        var row = await _harness.BatchAsync("old");
        row.State = BatchState.Running;
        await _harness.Tables.Jobs.CommitAsync(RowChanges.Replacing(row), None);
        await _harness.AdvanceAsync("old");
        row = await _harness.BatchAsync("old");
        (row.State, row.FinishedAt) = (BatchState.Completed, _harness.Time.GetUtcNow());
        await _harness.Tables.Jobs.CommitAsync(RowChanges.Replacing(row), None);
        _harness.Client.Complete(InstanceIds.ForBatch("old"));
        _harness.Time.Advance(TimeSpan.FromDays(2));

        Assert.Equal(1, await RetireAsync(days: 1));

        await DeleteAsync("old");
        Assert.Null(await _harness.Tables.Jobs.FindAsync<BatchRow>("old", BatchRow.Key, None));
    }

    [Theory, InlineData(true, 0), InlineData(false, 1)]
    public async Task Run_WithOutputs_ForgetsThatTheyCouldBeTaken(bool withOutputs, int remembered)
    {
        await EndedAsync("old");
        var attempt = (await _harness.Attempts.FindAsync(BatchHarness.AttemptOf("old", 0, 1), None))!;
        (attempt.ReuseKey, attempt.FilesJson) = ("aa11", "[]");
        await _harness.Attempts.SaveAsync(attempt, None);
        await new ReusableOutputs(_harness.Tables, _outputs, _harness.Time).RememberAsync(ClipiaFlows.Manifests.ReuseScope.Batch, attempt, None);
        _harness.Time.Advance(TimeSpan.FromDays(2));

        await RetireAsync(days: 1, withOutputs);
        await DeleteAsync("old");

        var rows = 0;
        await foreach (var _ in _harness.Tables.Batches.RangeAsync<ReuseRow>(ReuseRow.Partition(null, "aa11"), "", "~", null, None))
            rows++;
        Assert.Equal(remembered, rows);
    }

    private async Task EndedAsync(string batch)
    {
        await _harness.SeedAsync(batch, [new SeedJob()]);
        await ListAsync(batch);
        await BatchInstances.StartAsync(batch, _harness.Client, None);
        await _harness.RunToEndAsync(batch);
        var row = await _harness.BatchAsync(batch);
        (row.State, row.FinishedAt) = (BatchState.Completed, _harness.Time.GetUtcNow());
        await _harness.Tables.Jobs.CommitAsync(RowChanges.Replacing(row), None);
        _harness.Client.Complete(InstanceIds.ForBatch(batch));
    }

    private async Task ListAsync(string batch) => await _harness.Tables.Batches.CommitAsync(
        RowChanges.Putting(BatchIndexRow.ForListing(await _harness.BatchAsync(batch))), None);

    private Task<int> RetireAsync(double days, bool withOutputs = false) =>
        new RetireBatches(_harness.Tables, _harness.Commands, Options.Create(new RetentionOptions { Days = days, WithOutputs = withOutputs }), _harness.Time)
            .RunAsync(_harness.Client, None);

    private async Task DeleteAsync(string batch)
    {
        Assert.Equal(BatchStepKind.Delete, (await _harness.NewAdvance().RunAsync(new() { Batch = batch }, _harness.Client, None)).Kind);
        var step = await new DeleteBatch(_harness.Tables, _harness.Blobs, _outputs).RunAsync(new() { Batch = batch }, _harness.Client, None);
        Assert.Equal(BatchStepKind.End, step.Kind);
        _harness.Client.Complete(InstanceIds.ForBatch(batch));
    }

    private async Task<List<string>> RowsOfAsync(string batch)
    {
        var keys = new List<string>();
        await foreach (var row in _harness.Tables.Jobs.RangeAsync<DeleteBatch.KeysOnly>(batch, "", "~", null, None))
            keys.Add(row.RowKey);
        await foreach (var row in _harness.Tables.Batches.RangeAsync<BatchIndexRow>(BatchIndexRow.All, "", "~", null, None))
            keys.AddRange(row.Batch == batch ? [row.RowKey] : []);
        await foreach (var row in _harness.Tables.Batches.RangeAsync<BatchIndexRow>(BatchIndexRow.Active, "", "~", null, None))
            keys.AddRange(row.Batch == batch ? [row.RowKey] : []);
        return keys;
    }
}
