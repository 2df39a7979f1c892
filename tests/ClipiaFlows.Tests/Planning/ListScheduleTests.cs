using ClipiaFlows.Planning;

namespace ClipiaFlows.Tests.Planning;

public sealed class ListScheduleTests
{
    [Theory]
    [InlineData(4, 2, 0, 20)]
    [InlineData(5, 2, 0, 30)]
    [InlineData(5, 10, 0, 10)]
    [InlineData(5, 10, 3, 22)]
    public void Run_EqualJobs_TakeTheirTurns(int jobs, int slots, double secondsPerStart, double makespan) =>
        Assert.Equal(makespan, Run(Some.Jobs($$"""{"id":"a","count":{{jobs}}}"""), slots, secondsPerStart, null).Makespan);

    [Fact]
    public void Run_Chain_TakesTheSumOfItsJobs() =>
        Assert.Equal(30, Run(Some.Jobs("""{"id":"a"},{"id":"b","needs":["a"]},{"id":"c","needs":["b"]},{"id":"d"}"""), 10, 0, null).Makespan);

    [Fact]
    public void Run_BudgetForSome_TakesThemInTheOrderOfClaiming()
    {
        var jobs = Some.Jobs("""{"id":"low"},{"id":"high","priority":5},{"id":"head"},{"id":"tail","needs":["head"]}""");

        var schedule = Run(jobs, 1, 0, budget: 3);

        Assert.Equal(["high", "head"], jobs.Where(job => schedule.HasRun[job.N] && job.Id != "low").Select(job => job.Id));
        Assert.Equal(3, schedule.Spent);
    }

    [Fact]
    public void Run_NextJobTooDear_TakesTheFirstThatFits()
    {
        var jobs = Some.Jobs("""{"id":"dear","priority":9},{"id":"cheap"},{"id":"cheaper"}""");

        var schedule = ListSchedule.Run(jobs, [new(10, 8, false), new(10, 3, false), new(10, 2, false)], 1, 0, budget: 5);

        Assert.Equal([false, true, true], schedule.HasRun);
    }

    [Fact]
    public void Run_ReusedJobs_TakeNoSlotAndNoCredits()
    {
        var jobs = Some.Whole(Some.Plan(
            """{"policy":{"reuse":"batch"},"defaults":{"model":"nano-banana-2","input":{"prompt":"p"}},"jobs":[{"id":"a"},{"id":"b"},{"id":"c","needs":["b"],"input":{"seed":1}}]}"""));

        var schedule = ListSchedule.Run(jobs, [new(10, 4, false), new(10, 0, true), new(10, 4, false)], 1, 0, null);

        Assert.Equal((20, 8m), (schedule.Makespan, schedule.Spent));
        Assert.DoesNotContain(false, schedule.HasRun);
    }

    [Fact]
    public void Run_RefusedJob_NeverRunsNorDoesWhatNeedsIt()
    {
        var jobs = Some.Jobs("""{"id":"a"},{"id":"b","needs":["a"]},{"id":"c"}""");

        Assert.Equal([false, false, true], ListSchedule.Run(jobs, [new(1, null, false), new(1, 1, false), new(1, 1, false)], 5, 0, null).HasRun);
    }

    /// <summary>Never quicker than the bound, never slower than any list schedule can be, and the budget is used as far as it goes.</summary>
    [Fact]
    public void Run_RandomPlans_KeepsTheBounds()
    {
        var random = new Random(20260322);
        foreach (var _ in Enumerable.Range(0, 200))
        {
            var count = random.Next(1, 40);
            var jobs = Some.Jobs(string.Join(',', Enumerable.Range(0, count).Select(n =>
                $$"""{"id":"j{{n}}","priority":{{random.Next(3)}},"needs":[{{string.Join(',', Enumerable.Range(0, n).Where(_ => random.Next(8) == 0).Select(m => $"\"j{m}\""))}}]}""")));
            var efforts = jobs.Select(_ => new JobEffort(random.Next(1, 30), random.Next(1, 9), false)).ToList();
            var slots = random.Next(1, 6);
            var budget = random.Next(2) == 0 ? (decimal?)null : random.Next(1, count * 5);

            var schedule = ListSchedule.Run(jobs, efforts, slots, 0, budget);

            var ran = jobs.Where(job => schedule.HasRun[job.N]).ToList();
            Assert.Equal(ran.Sum(job => efforts[job.N].Credits!.Value), schedule.Spent);
            Assert.True(budget is null || schedule.Spent <= budget);
            Assert.All(ran, job => Assert.All(job.Needs, needed => Assert.True(schedule.HasRun[needed])));
            var ready = jobs.Where(job => !schedule.HasRun[job.N] && job.Needs.All(needed => schedule.HasRun[needed]));
            Assert.All(ready, job => Assert.True(budget - schedule.Spent < efforts[job.N].Credits));
            if (budget is not null)
                continue;
            var (work, chain) = (efforts.Sum(effort => effort.Seconds) / slots, CriticalPath.Of(jobs, efforts).Seconds);
            Assert.InRange(schedule.Makespan, Math.Max(work, chain) - 0.001, work + chain + 0.001);
        }
    }

    private static ListSchedule Run(IReadOnlyList<PlannedJob> jobs, int slots, double secondsPerStart, decimal? budget) =>
        ListSchedule.Run(jobs, jobs.Select(_ => new JobEffort(10, 1, false)).ToList(), slots, secondsPerStart, budget);
}
