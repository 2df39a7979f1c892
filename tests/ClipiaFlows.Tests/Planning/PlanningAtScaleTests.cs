using System.Diagnostics;
using System.Text;
using ClipiaFlows.Manifests;
using ClipiaFlows.Planning;
using Xunit.Abstractions;

namespace ClipiaFlows.Tests.Planning;

public sealed class PlanningAtScaleTests(ITestOutputHelper output)
{
    // The goal is 2 s for 10,000 jobs; the machine of a test may be busy. A quadratic step takes minutes at 100,000.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void Plan_TenThousandJobsWrittenOut_IsQuick() =>
        Measure(10_000, Some.Manifest(string.Join(',', Enumerable.Range(0, 10_000).Select(n =>
            $$$"""
            {"id":"job-{{{n}}}","needs":[{{{(n % 2 == 1 ? $"\"job-{n - 1}\"" : "")}}}],
             "input":{"prompt":"Picture {{{n}}} of a long campaign, soft light, film grain","seed":{{{n}}}}}
            """))));

    [Fact]
    public void Plan_HundredThousandJobsOfAMatrix_IsQuick() =>
        Measure(100_000, Some.Manifest(
            """
            {"id":"still","input":{"prompt":"{{a}} with {{b}} and {{c}}"}},
            {"id":"clip-{{a}}-{{b}}-{{c}}","model":"seedance-2-fast-i2v","input":{"image_url":"${{ jobs.still.output.images[0].url }}"}}
            """,
            $"{Variable("a", 50)},{Variable("b", 50)},{Variable("c", 20)}"));

    [Fact]
    public void Plan_TenThousandJobsOfAMatrixWithRulesAndLongPrompts_IsWithinTheBudget()
    {
        var entries = string.Join(',', Enumerable.Range(0, 999).Select(n => $$"""{"a":"a{{n / 100}}","b":"b{{n % 100}}","c":"c{{n}}"}"""));
        var prompt = string.Concat(Enumerable.Repeat("{{a}} and {{b}} in {{c}} at {{date}}. ", 100));

        Measure(10_000, Some.Manifest(
            $$$"""
            {"id":"still-{{a}}-{{b}}","input":{"prompt":"{{{prompt}}}"}},
            {"id":"clip-{{a}}-{{b}}","model":"seedance-2-fast-i2v","input":{"prompt":"{{c}}","image_url":"${{ jobs.still-{{a}}-{{b}}.output.images[0].url }}"},
             "output":{"path":"{{a}}/{{b}}/{{c}}.{{ext}}"}}
            """,
            $$"""{{Variable("a", 50)}},{{Variable("b", 100)}},"include":[{"c":"c"},{{entries}}]"""));
    }

    [Fact]
    public void Plan_HundredThousandJobsWithManyVariables_IsWithinTheBudget() =>
        Measure(100_000, Some.Manifest(
            $$$"""{"id":"p-{{a}}-{{b}}-{{c}}","count":1,"input":{"prompt":"{{{string.Concat(Enumerable.Range(0, 20).Select(n => $"{{{{w{n}}}}}"))}}} {{a}} {{b}}"},"output":{"path":"{{a}}/{{b}}/{{c}}.{{ext}}"}}""",
            $"{Variable("a", 50)},{Variable("b", 50)},{Variable("c", 40)},{string.Join(',', Enumerable.Range(0, 20).Select(n => $"\"w{n}\":[\"x\"]"))}"));

    [Fact]
    public void Plan_TenThousandWrongNeeds_AreToldQuickly()
    {
        var watch = Stopwatch.StartNew();

        var problems = Some.Problems(string.Join(',', Enumerable.Range(0, 10_000).Select(n =>
            $$"""{"id":"job-{{n}}","needs":["jbo-{{n}}"]}""")));

        Assert.Equal(10_000, problems.Sum(problem => problem.Count));
        Assert.Equal("job-0", problems[0].Suggestion);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Patience);
    }

    [Fact]
    public void Plan_MoreDependenciesThanAllowed_IsRefused() =>
        Assert.Equal(
            ProblemCodes.TooManyDependencies,
            Assert.Single(Some.Problems(
                """{"id":"a-{{x}}-{{index}}","count":1000},{"id":"b-{{index}}","count":1000,"needs":["a-{{x}}-{{index}}","c"]},{"id":"c","count":1000}""",
                Variable("x", 2))).Code);

    [Fact]
    public void Plan_TextThatGrowsTooLong_IsRefused()
    {
        var long1 = new string('x', 20_000);

        var problem = Assert.Single(Some.Problems(
            $$$"""{"id":"a","input":{"x":"{{{string.Concat(Enumerable.Repeat("{{v}}", 20))}}}"}}""", $"\"v\":[\"{long1}\"]"),
            problem => problem.Pointer == "/jobs/0/input/x");

        Assert.Equal(ProblemCodes.TooLarge, problem.Code);
    }

    [Fact]
    public void Plan_InputsThatGrowTooLarge_AreRefused() =>
        Assert.Equal(
            (ProblemCodes.TooLarge, "/jobs"),
            Some.Problems($$$"""{"id":"a","count":1000,"input":{"x":"{{{new string('x', 200_000)}}}"}}""")
                .Select(problem => (problem.Code, problem.Pointer)).Single());

    private void Measure(int jobs, string manifest)
    {
        var bytes = Encoding.UTF8.GetBytes(manifest);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();
        var cpu = Environment.CpuUsage.TotalTime;

        var outcome = Planner.Plan(ManifestReader.Read(bytes), "b-1", Some.Catalogue, Some.Now);

        watch.Stop();
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{jobs} jobs: CPU {(Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds:0} ms, {watch.Elapsed.TotalMilliseconds:0} ms, plan holds {held / 1e6:0} MB");
        Assert.Empty(outcome.Problems);
        Assert.Equal(jobs, outcome.Plan!.Jobs.Count);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Patience);
        Assert.True(held < 300_000_000, $"{held} bytes");
        GC.KeepAlive(outcome);
    }

    private static string Variable(string name, int values) =>
        $"\"{name}\":[{string.Join(',', Enumerable.Range(0, values).Select(n => $"\"{name}{n}\""))}]";
}
