using ClipiaFlows.Manifests;

namespace ClipiaFlows.Tests.Planning;

public sealed class BrokenMeaningsTests
{
    public static TheoryData<string, string, string?, string?, string> All()
    {
        var rows = new TheoryData<string, string, string?, string?, string>();
        foreach (var (code, pointer, value, suggestion, jobs) in BrokenMeanings.All)
            rows.Add(code, pointer, value, suggestion, jobs);
        return rows;
    }

    [Theory, MemberData(nameof(All))]
    public void Plan_BrokenMeaning_IsToldOnceAndCompletely(
        string code, string pointer, string? value, string? suggestion, string jobs)
    {
        var plan = Some.Plan(Some.Manifest(jobs, BrokenMeanings.Matrix));

        Assert.Null(plan.Plan);
        var problem = Assert.Single(plan.Problems);
        Assert.Equal((code, pointer, value), (problem.Code, problem.Pointer, problem.Value));
        Assert.Equal(suggestion, problem.Suggestion);
        Assert.NotEmpty(problem.Expected);
        Assert.NotEmpty(problem.Message);
    }

    [Fact]
    public void Plan_EverythingWrongAtOnce_IsToldAtOnce()
    {
        var problems = Some.Plan(
            """
            {"nmae": "x", "defaults": {"model": "nano-banana-2", "input": {"prompt": "p", "seed": "{{sede}}"}}, "jobs": [
              {"id": "a", "input": {"prompt": 4}},
              {"id": "A", "output": {"path": "../a.png"}},
              {"id": "b", "needs": ["c", "nobody"]},
              {"id": "c", "needs": ["b"]},
              {"id": "d", "model": "nano-banana-3", "count": "2"}]}
            """).Problems;

        Assert.Equal(
            new (string, string)[]
            {
                (ProblemCodes.UnknownField, "/nmae"),
                (ProblemCodes.WrongType, "/jobs/4/count"),
                (ProblemCodes.UnknownVariable, "/defaults/input/seed"),
                (ProblemCodes.DuplicateId, "/jobs/1/id"),
                (ProblemCodes.InputType, "/jobs/0/input/prompt"),
                (ProblemCodes.BadPath, "/jobs/1/output/path"),
                (ProblemCodes.MissingDependency, "/jobs/2/needs/1"),
                (ProblemCodes.UnknownModel, "/jobs/4/model"),
                (ProblemCodes.DependencyCycle, "/jobs/2"),
            },
            problems.Select(problem => (problem.Code, problem.Pointer)));
    }

    [Fact]
    public void Plan_SameProblemInEveryRepetition_IsToldOnceWithTheirNumber()
    {
        var problem = Assert.Single(Some.Problems("""{"id":"a-{{x}}","needs":["b"]}""", """ "x": [1,2,3] """));

        Assert.Equal(3, problem.Count);
    }

    [Fact]
    public void Plan_ProblemOfThePrompt_DoesNotQuoteThePrompt()
    {
        var problem = Assert.Single(Some.Problems("""{"id":"a","input":{"prompt":"secret {{oops}} secret"}}"""));

        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
    }
}
