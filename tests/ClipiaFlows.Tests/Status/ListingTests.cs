using System.Text.Json;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Status;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Status;

public sealed class ListingTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly BatchHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Batches_PagesWhileOthersAreAccepted_HoldEachOnceNewestFirst()
    {
        for (var n = 0; n < 7; n++)
            await AddAsync($"batch-{n}", Noon.AddMinutes(n));
        var queries = new BatchQueries(_harness.Tables, _harness.Waiting);

        var (first, next) = await queries.PageAsync(new BatchFilter(), "", 3, None);
        await AddAsync("young", Noon.AddHours(1));
        var (second, after) = await queries.PageAsync(new BatchFilter(), next!, 3, None);
        var (third, end) = await queries.PageAsync(new BatchFilter(), after!, 3, None);

        Assert.Equal(
            ["batch-6", "batch-5", "batch-4", "batch-3", "batch-2", "batch-1", "batch-0"],
            first.Concat(second).Concat(third).Select(batch => batch.Id));
        Assert.Null(end);
    }

    [Fact]
    public async Task Batches_ByStateNameTagAndTime_AreThoseThatHoldAll()
    {
        await AddAsync("one", Noon, "Spring tea", BatchState.Running, ("season", "spring"), ("brand", "tea"));
        await AddAsync("two", Noon.AddHours(1), "Spring coffee", BatchState.Completed, ("season", "spring"));
        await AddAsync("three", Noon.AddHours(2), "Winter tea", BatchState.Completed, ("season", "winter"));

        Assert.Equal(["three", "two"], await FindAsync(new BatchFilter(State: BatchState.Completed)));
        Assert.Equal(["three", "one"], await FindAsync(new BatchFilter(Name: "TEA")));
        Assert.Equal(["two", "one"], await FindAsync(new BatchFilter(Tags: [("season", "spring")])));
        Assert.Equal(["one"], await FindAsync(new BatchFilter(Tags: [("season", "spring"), ("brand", "tea")])));
        Assert.Empty(await FindAsync(new BatchFilter(Tags: [("season", "Spring")])));
        Assert.Equal(["three", "two"], await FindAsync(new BatchFilter(CreatedAfter: Noon)));
        Assert.Equal(["one"], await FindAsync(new BatchFilter(CreatedBefore: Noon.AddHours(1))));
        Assert.Equal(["two"], await FindAsync(new BatchFilter(CreatedAfter: Noon, CreatedBefore: Noon.AddHours(2))));
    }

    [Fact]
    public async Task Batches_MoreThanOneRequestLooksThrough_GoOnWithTheContinuation()
    {
        await AddAsync("oldest", Noon, "Needle");
        for (var n = 0; n < 2100; n++)
            await AddAsync($"hay-{n}", Noon.AddMinutes(n + 1));
        var queries = new BatchQueries(_harness.Tables, _harness.Waiting);

        var (found, from, rounds) = (new List<string>(), "", 0);
        for (string? next = ""; next is not null; rounds++)
        {
            (var page, next) = await queries.PageAsync(new BatchFilter(Name: "needle"), from, 10, None);
            found.AddRange(page.Select(batch => batch.Id));
            from = next ?? "";
        }

        Assert.Equal(["oldest"], found);
        Assert.InRange(rounds, 2, 4);
    }

    [Fact]
    public async Task Jobs_ByStateModelAndVariable_AreThoseThatHoldAllInThePlansOrder()
    {
        await _harness.SeedAsync("b-1", [.. Enumerable.Range(0, 9).Select(_ => new SeedJob())]);
        for (var n = 0; n < 9; n++)
        {
            var job = await _harness.JobAsync("b-1", n);
            job.State = n % 3 == 0 ? JobState.Failed : JobState.Succeeded;
            job.Model = n < 5 ? "flux" : "veo";
            job.VariablesJson = JsonSerializer.Serialize(new { colour = n % 2 == 0 ? "red" : "blue" });
            await _harness.Tables.Jobs.CommitAsync(RowChanges.Putting(job), None);
        }

        Assert.Equal([0, 3, 6], await NumbersAsync(new JobFilter(JobState.Failed)));
        Assert.Equal([5, 6, 7, 8], await NumbersAsync(new JobFilter(Model: "veo")));
        Assert.Equal([1, 3, 5, 7], await NumbersAsync(new JobFilter(Variables: [("colour", "blue")])));
        Assert.Equal([6], await NumbersAsync(new JobFilter(JobState.Failed, "veo", [("colour", "red")])));
        Assert.Empty(await NumbersAsync(new JobFilter(Variables: [("size", "red")])));
    }

    [Fact]
    public async Task Jobs_OfAStateThatOnlyTheirAttemptTells_AreFound()
    {
        await _harness.SeedAsync("b-1", [new SeedJob(), new SeedJob(), new SeedJob()]);
        await _harness.AdvanceAsync("b-1");
        foreach (var (n, state) in new[] { (0, JobState.Generating), (1, JobState.Copying) })
        {
            var attempt = BatchHarness.NewAttempt("b-1", n, 1);
            attempt.State = state;
            await _harness.Tables.Jobs.CommitAsync(RowChanges.Putting(attempt), None);
        }

        Assert.Equal([0], await NumbersAsync(new JobFilter(JobState.Generating)));
        Assert.Equal([1], await NumbersAsync(new JobFilter(JobState.Copying)));
        Assert.Equal([2], await NumbersAsync(new JobFilter(JobState.Submitting)));
    }

    [Fact]
    public async Task Job_WithAttempts_TellsItsTimelineInOrderAndItsInput()
    {
        await _harness.SeedAsync("b-1", [new SeedJob(), new SeedJob(0)]);
        await _harness.AdvanceAsync("b-1");
        var attempt = BatchHarness.NewAttempt("b-1", 0, 1);
        var now = _harness.Time.GetUtcNow();
        (attempt.FrozenAt, attempt.SubmittedAt, attempt.DeliveredAt, attempt.ByWebhook, attempt.CopyingAt, attempt.FinishedAt) =
            (now.AddSeconds(1), now.AddSeconds(2), now.AddSeconds(9), true, now.AddSeconds(10), now.AddSeconds(11));
        attempt.State = JobState.Succeeded;
        await _harness.Tables.Jobs.CommitAsync(RowChanges.Putting(attempt), None);
        var details = new JobDetails(new JobQueries(_harness.Tables), _harness.Waiting, BatchHarness.Links, _harness.Tables, _harness.Blobs);

        var job = (await details.FindAsync("b-1", "job-0", None))!;
        var dependent = (await details.FindAsync("b-1", "job-1", None))!;

        Assert.Equal(
            ["accepted", "claimed", "submitting", "generating", "delivered", "copying", "succeeded"],
            job.Timeline.Select(moment => moment.What));
        Assert.Equal("number 0", job.Input!.Value.GetProperty("prompt").GetString());
        Assert.Equal(["job-0"], dependent.Needs);
        Assert.Null(await details.FindAsync("b-1", "JOB-0", None));
    }

    private async Task<List<int>> NumbersAsync(JobFilter filter)
    {
        var (found, from) = (new List<int>(), (int?)0);
        var queries = new JobQueries(_harness.Tables);
        while (from is { } start)
        {
            (var page, from) = await queries.PageAsync("b-1", filter, start, 2, None);
            found.AddRange(page.Select(job => job.N));
        }

        return found;
    }

    private async Task<IEnumerable<string>> FindAsync(BatchFilter filter) =>
        (await new BatchQueries(_harness.Tables, _harness.Waiting).PageAsync(filter, "", 100, None)).Batches.Select(batch => batch.Id);

    private async Task AddAsync(
        string id, DateTimeOffset at, string name = "Other", BatchState state = BatchState.Running, params (string Name, string Value)[] tags)
    {
        var batch = new BatchRow
        {
            PartitionKey = id, RowKey = BatchRow.Key, Name = name, State = state, CreatedAt = at,
            TagsJson = JsonSerializer.Serialize(tags.ToDictionary(tag => tag.Name, tag => tag.Value)),
        };
        await _harness.Tables.Jobs.CommitAsync(RowChanges.Putting(batch), None);
        await _harness.Tables.Batches.CommitAsync(RowChanges.Putting(BatchIndexRow.ForListing(batch)), None);
    }
}
