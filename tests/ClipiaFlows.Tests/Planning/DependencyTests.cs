using ClipiaFlows.Manifests;

namespace ClipiaFlows.Tests.Planning;

public sealed class DependencyTests
{
    private const string Matrix = """ "tea": ["green", "mint"], "size": [1, 2] """;

    [Theory]
    [InlineData("""{"id":"a"},{"id":"b","needs":["a"]}""", "b<a")]
    [InlineData("""{"id":"a"},{"id":"b","needs":["a","a"]}""", "b<a")]
    [InlineData("""{"id":"b","needs":["a"]},{"id":"a"}""", "b<a")]
    // As written: all repetitions.
    [InlineData("""{"id":"a-{{tea}}"},{"id":"b","needs":["a-green"]}""", "b<a-green")]
    [InlineData("""{"id":"a","input":{"x":"{{tea}}"}},{"id":"b","needs":["a"]}""", "b<a-green b<a-mint")]
    [InlineData("""{"id":"a","count":2},{"id":"b","needs":["a"]}""", "b<a-1 b<a-2")]
    // As written: those that agree on the shared variables.
    [InlineData("""{"id":"a","input":{"x":"{{tea}}"}},{"id":"b-{{tea}}","needs":["a"]}""", "b-green<a-green b-mint<a-mint")]
    [InlineData("""{"id":"a-{{tea}}"},{"id":"b","needs":["a-{{tea}}"]}""", "b-green<a-green b-mint<a-mint")]
    [InlineData(
        """{"id":"a-{{tea}}-{{size}}"},{"id":"b-{{tea}}","needs":["a-{{tea}}-1"]}""",
        "b-green<a-green-1 b-mint<a-mint-1")]
    [InlineData(
        """{"id":"a-{{tea}}","input":{"x":"{{size}}"}},{"id":"b","needs":["a-{{tea}}"]}""",
        "b-green<a-green-1 b-green<a-green-2 b-mint<a-mint-1 b-mint<a-mint-2")]
    // The replica is shared only where the text names it.
    [InlineData("""{"id":"a-{{index}}","count":2},{"id":"b","count":2,"needs":["a-{{index}}"]}""", "b-1<a-1 b-2<a-2")]
    [InlineData("""{"id":"a","count":2},{"id":"b","count":2,"needs":["a"]}""", "b-1<a-1 b-1<a-2 b-2<a-1 b-2<a-2")]
    // References are dependencies.
    [InlineData("""{"id":"a"},{"id":"b","input":{"x":"${{ jobs.a.output.images[0].url }}"}}""", "b<a")]
    [InlineData("""{"id":"a"},{"id":"b","needs":["a"],"input":{"x":"see ${{jobs.a.output.images[0].url}}!"}}""", "b<a")]
    [InlineData(
        """{"id":"a-{{tea}}"},{"id":"b","input":{"x":"${{ jobs.a-{{tea}}.output.images[0].url }}"}}""",
        "b-green<a-green b-mint<a-mint")]
    [InlineData(
        """{"id":"a","input":{"x":"{{tea}}"}},{"id":"b-{{tea}}","input":{"x":"${{ jobs.a.output.images[0].url }}"}}""",
        "b-green<a-green b-mint<a-mint")]
    public void Plan_Needs_BecomeEdges(string jobs, string edges)
    {
        var plan = Some.Plan(Some.Manifest(jobs, Matrix));

        Assert.Empty(plan.Problems);
        var ids = plan.Plan!.Jobs.Select(job => job.Id).ToList();
        Assert.Equal(edges.Split(' ').Order(), plan.Plan.Edges.Select(edge => $"{ids[edge.To]}<{ids[edge.From]}").Order());
        Assert.Equal(
            plan.Plan.Edges.Select(edge => (edge.From, edge.To)).Order(),
            plan.Plan.Jobs.SelectMany(job => job.Needs.Select(needed => (needed, job.N))).Order());
    }

    [Fact]
    public void Plan_Chains_WeighWhatWaitsForThem()
    {
        var jobs = Some.Jobs(
            """{"id":"d","needs":["c"]},{"id":"a"},{"id":"b","needs":["a"]},{"id":"c","needs":["b","a"]},{"id":"e","needs":["a"]}""");

        Assert.Equal([("d", 1), ("a", 4), ("b", 3), ("c", 2), ("e", 1)], jobs.Select(job => (job.Id, job.Weight)));
    }

    [Theory]
    [InlineData("""{"id":"a","needs":["a"]}""", "a → a", "/jobs/0")]
    [InlineData("""{"id":"a","needs":["b"]},{"id":"b","needs":["a"]}""", "a → b → a", "/jobs/0")]
    [InlineData(
        """{"id":"x","needs":["a"]},{"id":"a","needs":["b","z"]},{"id":"b","needs":["c"]},{"id":"c","needs":["a"]},{"id":"z"}""",
        "a → b → c → a", "/jobs/1")]
    [InlineData(
        """{"id":"a","needs":["b"]},{"id":"b","input":{"x":"${{ jobs.a.output.images[0].url }}"}}""", "a → b → a", "/jobs/0")]
    [InlineData("""{"id":"a-{{tea}}","needs":["b-{{tea}}"]},{"id":"b-{{tea}}","needs":["a-{{tea}}"]}""",
        "a-green → b-green → a-green", "/jobs/0")]
    public void Plan_Cycle_IsToldOnceInOrder(string jobs, string cycle, string pointer)
    {
        var problem = Assert.Single(Some.Problems(jobs, Matrix));

        Assert.Equal((ProblemCodes.DependencyCycle, pointer, cycle), (problem.Code, problem.Pointer, problem.Value));
    }

    [Fact]
    public void Plan_TwoCycles_AreTwoProblems() =>
        Assert.Equal(
            ["a → b → a", "c → d → c"],
            Some.Problems("""
                {"id":"a","needs":["b"]},{"id":"b","needs":["a"]},
                {"id":"c","needs":["d", "a"]},{"id":"d","needs":["c"]},{"id":"e","needs":["d"]}
                """).Select(problem => problem.Value));

    [Fact]
    public void Plan_LongChainThatClosesOnItself_IsFound()
    {
        var jobs = Enumerable.Range(0, 5000).Select(n => $$"""{"id":"j{{n}}","needs":["j{{(n + 1) % 5000}}"]}""");

        var problem = Assert.Single(Some.Problems(string.Join(',', jobs)));

        Assert.StartsWith("j0 → j1 → j2", problem.Value, StringComparison.Ordinal);
        Assert.Contains("(4980 more)", problem.Message, StringComparison.Ordinal);
    }
}
