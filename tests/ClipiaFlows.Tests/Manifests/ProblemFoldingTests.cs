using System.Text;
using ClipiaFlows.Manifests;
using ClipiaFlows.Tests.Planning;

namespace ClipiaFlows.Tests.Manifests;

public sealed class ProblemFoldingTests
{
    [Fact]
    public void Plan_SameObjectionToManyPaths_IsListedOnceWithItsCount()
    {
        var problem = Assert.Single(Some.Problems(Join(124, n => $$$"""{"id":"a{{{n}}}","output":{"path":"a/../{{{n}}}.png"}}""")));

        Assert.Equal((ProblemCodes.BadPath, "/jobs/0/output/path", "a/../0.png", 124), (problem.Code, problem.Pointer, problem.Value, problem.Count));
        Assert.Equal(new("/jobs/1/output/path", "a/../1.png"), problem.Others![0]);
        Assert.Equal(9, problem.Others.Count);
    }

    [Theory]
    [InlineData("""{"id":"a{N}","model":"zzzzzzzzzzzzzzzz{N}"}""", "unknown_model", "/jobs/0/model")]
    [InlineData("""{"id":"a{N}","needs":["zzzzzzzzzzzzzzzz-{N}"]}""", "missing_dependency", "/jobs/0/needs/0")]
    [InlineData("""{"id":"a{N}","count":"{N}"}""", "wrong_type", "/jobs/0/count")]
    [InlineData("""{"id":"a{N}","priority":10{N}0}""", "bad_value", "/jobs/0/priority")]
    [InlineData("""{"id":"a{N}","input":{"resolution":"zzzzzzzz{N}"}}""", "input_value", "/jobs/0/input/resolution")]
    [InlineData("""{"id":"a{N}","input":{"prompt":"{{zzzzzzzzzzzz{N}}}"}}""", "unknown_variable", "/jobs/0/input/prompt")]
    [InlineData("""{"id":"a{N}","input":{"image_urls":["C:\\p{N}.png"]}}""", "local_path", "/jobs/0/input/image_urls/0")]
    [InlineData("""{"input":{"x":{N}}}""", "missing_field", "/jobs/0/id")]
    public void Plan_SameProblemWithOtherValues_IsListedOnceWithItsCount(string job, string code, string pointer)
    {
        var problem = Assert.Single(Some.Problems(Join(5, n => job.Replace("{N}", $"{n}", StringComparison.Ordinal))));

        Assert.Equal((code, pointer, 5), (problem.Code, problem.Pointer, problem.Count));
        Assert.Equal(4, problem.Others!.Count);
    }

    [Fact]
    public void Plan_ProblemsOfOneText_KeepTheirValues()
    {
        var problem = Assert.Single(Some.Problems("""{"id":"a","input":{"prompt":"{{zzzzzzzzz}} {{yyyyyyyyy}}"}}"""));

        Assert.Equal(("{{zzzzzzzzz}}", 2, "{{yyyyyyyyy}}"), (problem.Value, problem.Count, problem.Others!.Single().Value));
    }

    [Fact]
    public void Plan_OtherSuggestions_AreNotFolded() =>
        Assert.Equal(
            ["a", "b"],
            Some.Problems("""{"id":"a-long","needs":["a-lnog"]},{"id":"b-other","needs":["b-ohter"]}""").Select(problem => problem.Suggestion![..1]));

    [Fact]
    public void Plan_PlacesAndTheirRepetitions_AreAllCounted() =>
        Assert.Equal(
            6, Assert.Single(Some.Problems("""{"id":"a-{{x}}","needs":["zzzzzzzzz"]},{"id":"b-{{x}}","needs":["yyyyyyyyy"]}""", """ "x":[1,2,3] """)).Count);

    [Fact]
    public void Read_BrokenLines_AreListedOnceWithTheFirstLine()
    {
        var text = string.Concat(Enumerable.Range(0, 50).Select(n => $$"""{"id":"a{{n}}","model":"m"}""" + "\n{x\n"));

        var problem = Assert.Single(ManifestReader.Read(Encoding.UTF8.GetBytes(text)).Problems);

        Assert.Equal((ProblemCodes.InvalidJson, 2, 50), (problem.Code, problem.Line, problem.Count));
    }

    private static string Join(int count, Func<int, string> job) => string.Join(',', Enumerable.Range(0, count).Select(job));
}
