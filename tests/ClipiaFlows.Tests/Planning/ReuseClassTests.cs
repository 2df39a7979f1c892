using System.Text.Json;
using ClipiaFlows.Planning;

namespace ClipiaFlows.Tests.Planning;

public sealed class ReuseClassTests
{
    [Theory]
    [InlineData("""{"id":"a"},{"id":"b"}""", "b>a")]
    [InlineData("""{"id":"a"},{"id":"b"},{"id":"c"}""", "b>a c>a")]
    [InlineData("""{"id":"a"},{"id":"b","model":"flux-2-pro"}""", "")]
    [InlineData("""{"id":"a"},{"id":"b","input":{"seed":1}}""", "")]
    [InlineData("""{"id":"a","input":{"seed":1,"num_images":2}},{"id":"b","input":{"num_images":2.0,"seed":10e-1}}""", "b>a")]
    [InlineData("""{"id":"a","priority":3,"output":{"path":"x.{{ext}}"}},{"id":"b"}""", "b>a")]
    // Repetitions differ by their number.
    [InlineData("""{"id":"a","count":3}""", "")]
    [InlineData("""{"id":"a","count":2},{"id":"b","count":2}""", "b-1>a-1 b-2>a-2")]
    // What is referred to counts by what it is, not by who it is.
    [InlineData(
        """{"id":"a"},{"id":"b"},{"id":"c","input":{"x":"${{ jobs.a.output.images[0].url }}"}},{"id":"d","input":{"x":"${{ jobs.b.output.images[0].url }}"}}""",
        "b>a d>c")]
    [InlineData(
        """{"id":"a","input":{"num_images":2}},{"id":"b","input":{"num_images":2}},{"id":"c","input":{"x":"${{ jobs.a.output.images[0].url }}"}},{"id":"d","input":{"x":"${{ jobs.b.output.images[1].url }}"}}""",
        "b>a")]
    [InlineData(
        """{"id":"a"},{"id":"b","input":{"seed":1}},{"id":"c","input":{"x":"${{ jobs.a.output.images[0].url }}"}},{"id":"d","input":{"x":"${{ jobs.b.output.images[0].url }}"}}""",
        "")]
    [InlineData("""{"id":"a","input":{"x":"\\${{ jobs.a.output.video.url }}"}},{"id":"b","input":{"x":"\\${{ jobs.b.output.video.url }}"}}""", "")]
    // The first of a class is the one that no other stands before.
    [InlineData("""{"id":"a","needs":["b"]},{"id":"b"}""", "")]
    [InlineData("""{"id":"a","needs":["c"]},{"id":"b"},{"id":"c","input":{"seed":1}}""", "a>b")]
    [InlineData("""{"id":"a","needs":["c"]},{"id":"b"},{"id":"c","input":{"seed":1},"needs":["b"]}""", "a>b")]
    public void Plan_EqualJobs_WaitForTheFirst(string jobs, string waits)
    {
        var planned = WithReuse(jobs, "batch");

        Assert.Equal(waits, string.Join(' ', planned.SelectMany(job => job.After.Select(first => $"{job.Id}>{planned[first].Id}"))));
        Assert.Equal(planned.Select(job => planned.Count(other => other.Needs.Concat(other.After).Contains(job.N))), planned.Select(job => job.Dependents));
    }

    [Fact]
    public void Plan_WithoutReuse_NobodyWaits() =>
        Assert.All(Some.Jobs("""{"id":"a"},{"id":"b"}"""), job => Assert.Empty(job.After));

    [Fact]
    public void Plan_FirstOfAClass_WeighsWhatWaitsForIt() =>
        Assert.Equal(
            [("a", 3), ("b", 2), ("c", 1)],
            WithReuse("""{"id":"a"},{"id":"b"},{"id":"c","needs":["b"],"input":{"seed":1}}""", "always").Select(job => (job.Id, job.Weight)));

    /// <summary>Whatever is equal and whoever needs whom: needs and waits together have no cycle.</summary>
    [Fact]
    public void Plan_RandomGraphs_NeedsAndWaitsNeverCloseACircle()
    {
        var random = new Random(20260321);
        foreach (var _ in Enumerable.Range(0, 300))
        {
            var order = Enumerable.Range(0, random.Next(2, 25)).ToArray();
            random.Shuffle(order);
            var jobs = order.Select((id, at) =>
            {
                var needs = order[..at].Where(_ => random.Next(4) == 0).Select(needed => $"\"j{needed}\"");
                var reference = at > 0 && random.Next(3) == 0 ? $",\"x\":\"${{{{ jobs.j{order[random.Next(at)]}.output.images[0].url }}}}\"" : "";
                return (Id: id, Json: $$$"""{"id":"j{{{id}}}","needs":[{{{string.Join(',', needs)}}}],"input":{"seed":{{{random.Next(3)}}}{{{reference}}}}}""");
            }).OrderBy(job => job.Id).Select(job => job.Json);

            var planned = WithReuse(string.Join(',', jobs), "batch");

            var waits = planned.Select(job => job.Needs.Concat(job.After).ToArray()).ToList();
            Assert.Equal(planned.Count, ChainWeights.Order(waits).Count);
            Assert.All(planned, job => Assert.All(waits[job.N], waited => Assert.True(planned[waited].Weight > job.Weight)));
        }
    }

    [Theory]
    [InlineData("""{"a":1,"b":[1.50,true,null,"x"]}""", """{ "b": [15e-1, true, null, "\u0078"], "a": 1.0 }""", true)]
    [InlineData("""{"a":-0.0}""", """{"a":0}""", true)]
    [InlineData("""{"a":1e300}""", """{"a":10e299}""", true)]
    [InlineData("""{"a":"1"}""", """{"a":1}""", false)]
    [InlineData("""{"a":[1,2]}""", """{"a":[2,1]}""", false)]
    [InlineData("""{"a":1e-40}""", """{"a":0}""", false)]
    [InlineData("""{"a":12345678901234567890123}""", """{"a":12345678901234567890124}""", false)]
    public void Of_Inputs_AreEqualWhenTheirValuesAre(string left, string right, bool same) =>
        Assert.Equal(same, Key(left) == Key(right));

    [Fact]
    public void Of_KnownInput_IsTheKnownHash() =>
        // printf '["m",2,{"a":1.5,"b":"x"}]' | sha256sum
        Assert.Equal("4128bf55539bddcfe78ee55a7a50c06d5add2cca87379c65a8bfb3c4eb6eb588", ReuseKey.Of("m", JsonElement.Parse("""{"b":"x","a":1.50}"""), 2));

    private static string Key(string input) => ReuseKey.Of("m", JsonElement.Parse(input), 1);

    private static IReadOnlyList<PlannedJob> WithReuse(string jobs, string reuse) => Some.Whole(Some.Plan(
        $$$"""{"defaults": {"model": "nano-banana-2", "input": {"prompt": "p"}}, "policy": {"reuse": "{{{reuse}}}"}, "jobs": [{{{jobs}}}]}"""));
}
