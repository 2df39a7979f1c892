using System.Text.Json;
using ClipiaFlows.Planning;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Planning;

/// <summary>The sample that a plan names is the one that a batch makes before it waits for approval.</summary>
public sealed class SampleClaimsTests
{
    private const string Batch = "spring";

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory, MemberData(nameof(Seeds))]
    public async Task Run_RandomPlan_ClaimsWhatTheScheduleStarts(int seed)
    {
        var random = new Random(seed);
        decimal[] prices = [3, 4, 17, 47];
        var jobs = Enumerable.Range(0, random.Next(8, 30))
            .Select(n => new SeedJob(n > 2 && random.Next(3) == 0 ? [random.Next(n)] : [])
            {
                Estimate = prices[random.Next(prices.Length)], Priority = random.Next(-2, 3) * 10,
            })
            .ToList();
        var sample = random.Next(1, jobs.Count);
        using var flow = new BatchHarness();
        await flow.SeedAsync(Batch, jobs, batch => (batch.SampleLeft, batch.MaxConcurrency) = (sample, 1));

        await RunToApprovalAsync(flow);

        var schedule = ListSchedule.Run(
            jobs.Select(Planned).ToList(), jobs.Select(job => new JobEffort(10, job.Estimate, IsReused: false)).ToList(),
            slots: 1, secondsPerStart: 0, budget: null, sample);
        Assert.Equal(
            schedule.HasRun.Index().Where(one => one.Item).Select(one => one.Index),
            (await flow.RowsAsync<JobRow>(Batch, "J")).Where(job => job.State is JobState.Succeeded).Select(job => job.N));
        Assert.Equal(schedule.Spent, (await flow.BatchAsync(Batch)).Charged);
        Assert.Equal(BatchState.AwaitingApproval, (await flow.BatchAsync(Batch)).State);
    }

    /// <summary>Jobs give their slot back when their output is copied, and end after that.</summary>
    private static async Task RunToApprovalAsync(BatchHarness flow)
    {
        await flow.AdvanceAsync(Batch);
        while (await flow.RowsAsync<ActiveRow>(Batch, "A") is [var first, ..])
        {
            var attempt = BatchHarness.NewAttempt(Batch, first.N, first.Attempt);
            attempt.RequestId = $"request-{first.N}";
            Assert.True(await flow.Attempts.SaveAsync(attempt, MarkerRow.For(attempt, MarkerKind.Copying), default));
            await flow.AdvanceAsync(Batch);
            await flow.EndAsync(Batch, first, JobState.Succeeded);
            await flow.AdvanceAsync(Batch);
        }
    }

    private static PlannedJob Planned(SeedJob job, int n) => new()
    {
        N = n, Id = $"job-{n}", Pointer = $"/jobs/{n}", Model = "m", Kind = "image", Needs = job.Needs, Priority = job.Priority, Weight = 0,
        Input = JsonElement.Parse("{}"), OutputPath = "", Variables = new Dictionary<string, string>(), Replica = 1,
    };
}
