using System.Diagnostics;
using System.Text;
using ClipiaFlows.Manifests;
using ClipiaFlows.Planning;
using ClipiaFlows.Tests.Planning;

namespace ClipiaFlows.Tests.Manifests;

public sealed class HostileManifestTests
{
    public static TheoryData<int> All() => [.. Enumerable.Range(0, HostileManifests.All.Count)];

    [Theory, MemberData(nameof(All))]
    public void Plan_HostileManifest_IsRefusedQuicklyWithItsPlace(int number)
    {
        var (code, pointer, manifest) = HostileManifests.All[number];
        var watch = Stopwatch.StartNew();

        var outcome = Some.Plan(manifest);

        Assert.Null(outcome.Plan);
        Assert.True(
            outcome.Problems.Any(problem => (problem.Code, problem.Pointer) == (code, pointer)),
            $"{code} {pointer} expected, not {string.Join("; ", outcome.Problems.Take(3).Select(problem => $"{problem.Code} {problem.Pointer}"))}, for {manifest[..Math.Min(manifest.Length, 300)]}");
        Assert.All(outcome.Problems, problem => Assert.InRange(problem.ToString().Length, 1, 2000));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    /// <summary>What is only odd is text like any other, and comes out as it went in.</summary>
    [Theory]
    [InlineData("a\u202Eb")]
    [InlineData("e\u0301 and \u00E9")]
    [InlineData("\u200B\uFEFF\u00AD")]
    [InlineData("\U0001F468\u200D\U0001F469\u200D\U0001F467")]
    [InlineData("\u0645\u0631\u062D\u0628\u0627 \u05E9\u05DC\u05D5\u05DD")]
    [InlineData("../../etc/passwd")]
    [InlineData("'; DROP TABLE jobs; --")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\0\u0001\u001B[2J")]
    [InlineData("\uFFFE\uFFFF\U0010FFFF")]
    public void Plan_OddPrompt_IsKeptAsItIs(string prompt)
    {
        var job = Assert.Single(Some.Jobs($$$"""{"id":"a","input":{"prompt":{{{System.Text.Json.JsonSerializer.Serialize(prompt)}}}}}"""));

        Assert.Equal(prompt, job.Input.GetProperty("prompt").GetString());
    }

    /// <summary>The value of a variable is no template: nothing unfolds twice.</summary>
    [Fact]
    public void Plan_VariableThatNamesVariables_IsNotExpandedAgain()
    {
        var jobs = Some.Jobs("""{"id":"a","input":{"prompt":"{{x}}{{y}}"}}""", """ "x":["{{y}}{{y}}"],"y":["{{x}}{{x}}"] """);

        Assert.Equal("{{y}}{{y}}{{x}}{{x}}", Assert.Single(jobs).Input.GetProperty("prompt").GetString());
    }

    /// <summary>A hundred thousand jobs of a quarter of a megabyte each: counted, not made.</summary>
    [Fact]
    public void Plan_InputsTooLargeTogether_AreRefusedBeforeTheyAreMade()
    {
        var manifest = Encoding.UTF8.GetBytes(
            $$$"""{"defaults":{"model":"nano-banana-2"},"matrix":{"x":["{{{new string('x', 60_000)}}}"]},"jobs":[{"id":"a-{{index}}","count":1000,"input":{"prompt":"{{x}}{{x}}{{x}}{{x}}"},"output":{"path":"{{job}}.{{ext}}"}}]}""");
        var before = GC.GetTotalAllocatedBytes();

        var outcome = Planner.Plan(ManifestReader.Read(manifest), "b-1", Some.Catalogue, Some.Now);

        Assert.Contains(outcome.Problems, problem => problem.Code == ProblemCodes.TooLarge);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 6_000_000_000);
    }

    /// <summary>Each text of it is within the limit, and the job's whole input is not.</summary>
    [Fact]
    public void Plan_InputOfManyLargeTexts_IsRefusedBeforeItIsMade()
    {
        var fields = string.Join(',', Enumerable.Range(0, 4000).Select(n => $"\"f{n}\":\"{{{{x}}}}{{{{x}}}}{{{{x}}}}{{{{x}}}}\""));

        Assert.Contains((ProblemCodes.TooLarge, "/jobs/0/input"), Refused($$$"""{"id":"a","input":{{{{fields}}}}}""", 60_000, 400_000_000));
    }

    [Theory]
    [InlineData("""{"id":"a-{{x}}{{x}}-{{y}}","count":1000}""", "too_large", "/jobs/0/id")]
    [InlineData("""{"id":"a-{{y}}","needs":["{{x}}{{x}}"],"count":1000}""", "too_large", "/jobs/0/needs/0")]
    [InlineData("""{"id":"a-{{y}}","model":"{{x}}{{x}}","count":1000}""", "too_large", "/jobs/0/model")]
    [InlineData("""{"id":"a-{{y}}-{{index}}","output":{"path":"{{x}}/{{x}}.{{ext}}"},"count":1000}""", "too_large", "/jobs/0/output/path")]
    [InlineData("""{"id":"a-{{y}}","input":{"x":"{{x}}"},"count":1000}""", "bad_id", "/jobs/0/id")]
    public void Plan_LongNamesOfAHundredThousandJobs_AreRefusedWithoutKeepingThem(string job, string code, string pointer) =>
        Assert.Contains((code, pointer), Refused(job, 60_000, long.MaxValue));

    /// <summary>Nothing is left of the value in the job's name, and all of it would be in the plan.</summary>
    [Fact]
    public void Plan_LongValuesOfAHundredThousandJobs_AreRefusedBeforeThePlanIsMade() =>
        Assert.Contains((ProblemCodes.TooLarge, "/jobs"), Refused("""{"id":"a-{{y}}","needs":[],"output":{"path":"{{z}}-{{job}}.{{ext}}"},"count":1000}""", 60_000, long.MaxValue));

    private static IEnumerable<(string Code, string Pointer)> Refused(string job, int length, long mostAllocated)
    {
        var manifest = Encoding.UTF8.GetBytes(
            $$$"""{"defaults":{"model":"nano-banana-2","input":{"prompt":"p"}},"matrix":{"x":["{{{new string('x', length)}}}"],"z":["{{{new string('é', length)}}}"],"y":[{{{string.Join(',', Enumerable.Range(0, 100))}}}]},"jobs":[{{{job}}}]}""");
        var before = GC.GetAllocatedBytesForCurrentThread();

        var outcome = Planner.Plan(ManifestReader.Read(manifest), "b-1", Some.Catalogue, Some.Now);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, mostAllocated);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true), 0, 700_000_000);
        return outcome.Problems.Select(problem => (problem.Code, problem.Pointer));
    }
}
