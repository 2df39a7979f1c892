using System.Text;
using ClipiaFlows.Manifests;
using ClipiaFlows.Planning;
using ClipiaFlows.Production;

namespace ClipiaFlows.Tests.Planning;

public sealed class ForecastTests
{
    [Fact]
    public void Draw_RandomPlans_ForecastIsNeverBelowItsBound()
    {
        var random = new Random(20261201);
        foreach (var round in Enumerable.Range(0, 300))
        {
            var count = random.Next(1, 30);
            var budget = random.Next(2) == 0 ? $$""", "budgetCredits": {{random.Next(1, count * 5)}}""" : "";
            var jobs = string.Join(',', Enumerable.Range(0, count).Select(n =>
                $$"""{"id":"j{{n}}","needs":[{{string.Join(',', Enumerable.Range(0, n).Where(_ => random.Next(8) == 0).Select(m => $"\"j{m}\""))}}]}"""));
            var text = $$$"""
                {"policy": {"maxConcurrency": {{{random.Next(1, 9)}}}{{{budget}}} },
                 "defaults": {"model": "nano-banana-2", "input": {"prompt": "p"}}, "jobs": [{{{jobs}}}]}
                """;
            var seconds = Enumerable.Range(0, count).Select(_ => random.NextDouble() * 30).ToArray();
            var prices = Enumerable.Range(0, count)
                .Select(_ => random.Next(6) == 0 ? new Price(0, "refused", "no") : new Price(random.Next(1, 9))).ToList();
            var taken = Enumerable.Range(0, count).Select(_ => random.Next(5) == 0).ToArray();

            var forecast = Draw(text, prices, taken, seconds, random.Next(1, 400), random.Next(2) == 0 ? 1 : 4).Forecast;

            Assert.True(forecast.ExpectedSeconds >= forecast.LeastSeconds, $"round {round}: {forecast.ExpectedSeconds} < {forecast.LeastSeconds}");
            Assert.True(forecast.FinishAt >= Some.Now.AddSeconds(forecast.LeastSeconds - 0.05), $"round {round}");
            Assert.Equal(forecast.LeastSeconds, Math.Max(Math.Max(forecast.WorkSeconds, forecast.ChainSeconds), forecast.RequestSeconds));
        }
    }

    [Fact]
    public void Draw_OneShortJobAtASlowRate_TakesWhatTheJobTakes()
    {
        var forecast = Draw(Manifest("""{"id":"a"}"""), [new Price(4)], [false], [5], requestsPerMinute: 6, requestsPerJob: 4).Forecast;

        Assert.Equal((5, 5, Some.Now.AddSeconds(5)), (forecast.ExpectedSeconds, forecast.LeastSeconds, forecast.FinishAt));
    }

    [Fact]
    public void Draw_JobThatTakesAnEarlierOutput_TakesNoTime()
    {
        var forecast = Draw(Manifest("""{"id":"a"},{"id":"b","needs":["a"]}"""), [new Price(4), new Price(4)], [true, false], [50, 7]).Forecast;

        Assert.Equal((7, 7), (forecast.ExpectedSeconds, forecast.LeastSeconds));
    }

    [Fact]
    public void Draw_NothingCanRun_TakesNoTime()
    {
        var forecast = Draw(Manifest("""{"id":"a"},{"id":"b","needs":["a"]}"""), [new Price(0, "refused", "no"), new Price(4)], [false, false], [5, 7]).Forecast;

        Assert.Equal((0, 0, 0), (forecast.ExpectedSeconds, forecast.LeastSeconds, forecast.CriticalPath.Count));
    }

    private static string Manifest(string jobs) => Some.Manifest(jobs);

    private static PlanView Draw(
        string text, IReadOnlyList<Price> prices, bool[] taken, double[] seconds, int requestsPerMinute = 120, double requestsPerJob = 1)
    {
        var manifest = ManifestReader.Read(Encoding.UTF8.GetBytes(text)).Manifest!;
        var jobs = Some.Whole(Some.Plan(text));
        var facts = new PlanFactsNow(
            1000, 10, requestsPerMinute, requestsPerJob, Some.Now, job => (TimeSpan.FromSeconds(seconds[job.N]), true));
        return new PlanReport(manifest, jobs, [], prices, [.. jobs.Select(job => job.N)], taken, missingInputs: 0, facts).Draw(new(0, 10));
    }
}
