using ClipiaFlows.Production;
using ClipiaFlows.Production.Commands;
using ClipiaFlows.Status;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Status;

/// <summary>Why jobs of real rows are not running.</summary>
public sealed class WaitingReasonsTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly BatchHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task List_KeyUsedByAnotherBatch_NamesIt()
    {
        await SeedAsync("bulk", 30);
        await _harness.AdvanceAsync("bulk");
        await SeedAsync("small", 2);

        var jobs = await ListAsync("small");

        Assert.All(jobs, job => Assert.Equal("key_slots", job.WaitingFor!.Code));
        Assert.All(jobs, job => Assert.Contains("batch 'bulk'", job.WaitingFor!.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task List_JobsThatRun_WaitForNothing()
    {
        await SeedAsync("bulk", 30);
        await _harness.AdvanceAsync("bulk");

        var jobs = await ListAsync("bulk");

        Assert.Equal(
            jobs.Where(job => job.State is JobState.Ready).Select(job => job.Id), jobs.Where(job => job.WaitingFor is not null).Select(job => job.Id));
    }

    [Fact]
    public async Task List_PausedBatch_AllWaitForThat()
    {
        await SeedAsync("one", 3);
        await _harness.CommandAsync("one", new CommandRequest(CommandKind.Pause));

        Assert.All(await ListAsync("one"), job => Assert.Equal("paused", job.WaitingFor!.Code));
    }

    [Fact]
    public async Task List_HundredJobs_ReadsAFewRangesOnly()
    {
        await SeedAsync("bulk", 200);
        await _harness.AdvanceAsync("bulk");
        var jobs = new CountedReads(_harness.Tables.Jobs);
        var tables = _harness.Tables with { Jobs = jobs };
        var pages = new JobPages(new JobQueries(tables), new WaitingReasons(tables, _harness.Pacing, _harness.Time), BatchHarness.Links, tables);

        var page = await pages.FindAsync("bulk", new JobFilter(), 0, 100, None);

        Assert.Equal(100, page!.Value.Jobs.Count);
        // The batch, the jobs, their attempts, and the claims.
        Assert.InRange(jobs.Reads, 1, 4);
    }

    [Fact]
    public async Task List_JobsThatNeedOthers_NameThemWithOneRangeMore()
    {
        await _harness.SeedAsync("chains", [.. Enumerable.Range(0, 400).Select(n => n < 200 ? new SeedJob() : new SeedJob(n - 200))]);
        for (var n = 200; n < 400; n++)
        {
            var job = await _harness.JobAsync("chains", n);
            (job.Needs, job.EqualJobs) = ($"{n - 200}", "");
            await _harness.Tables.Jobs.CommitAsync(RowChanges.Replacing(job), None);
        }

        var jobs = new CountedReads(_harness.Tables.Jobs);
        var tables = _harness.Tables with { Jobs = jobs };
        var pages = new JobPages(new JobQueries(tables), new WaitingReasons(tables, _harness.Pacing, _harness.Time), BatchHarness.Links, tables);
        var page = (await pages.FindAsync("chains", new JobFilter(), 200, 100, None))!.Value.Jobs;

        var needed = await _harness.JobAsync("chains", 0);
        Assert.Equal(new WaitingFor("dependency", $"It needs '{needed.Id}' (ready)."), page[0].WaitingFor);
        Assert.All(page, job => Assert.Equal("dependency", job.WaitingFor!.Code));
        Assert.InRange(jobs.Reads, 1, 4);
    }

    [Fact]
    public async Task List_NoSuchBatch_IsNothing() =>
        Assert.Null(await Pages().FindAsync("none", new JobFilter(), 0, 100, None));

    [Fact]
    public async Task Batches_SeveralThatWait_EachSayWhy()
    {
        await SeedAsync("bulk", 30);
        await _harness.AdvanceAsync("bulk");
        await SeedAsync("small", 2);
        var queries = new BatchQueries(_harness.Tables, _harness.Waiting);

        var small = await queries.FindAsync("small", None);
        var bulk = await queries.FindAsync("bulk", None);

        Assert.Equal([("key_slots", 2)], small!.WaitingFor.Select(why => (why.Code, why.Jobs)));
        Assert.Contains("by this batch", Assert.Single(bulk!.WaitingFor, why => why.Code == "key_slots").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batches_NoJobFitsIntoTheBudget_SayThat()
    {
        await _harness.SeedAsync("one", [.. Enumerable.Range(0, 3).Select(_ => new SeedJob())], batch => batch.Budget = 6);
        await _harness.AdvanceAsync("one");

        var batch = await new BatchQueries(_harness.Tables, _harness.Waiting).FindAsync("one", None);

        Assert.Equal([("budget", 2)], batch!.WaitingFor.Select(why => (why.Code, why.Jobs)));
    }

    private Task SeedAsync(string batch, int jobs) => _harness.SeedAsync(batch, [.. Enumerable.Range(0, jobs).Select(_ => new SeedJob())]);

    private JobPages Pages() => new(new JobQueries(_harness.Tables), _harness.Waiting, BatchHarness.Links, _harness.Tables);

    private async Task<IReadOnlyList<JobView>> ListAsync(string batch) => (await Pages().FindAsync(batch, new JobFilter(), 0, 100, None))!.Value.Jobs;
}
