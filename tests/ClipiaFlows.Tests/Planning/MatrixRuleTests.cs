using ClipiaFlows.Manifests;

namespace ClipiaFlows.Tests.Planning;

public sealed class MatrixRuleTests
{
    private const string TwoByTwo = """ "tea": ["A", "B"], "size": [1, 2] """;

    [Theory]
    // Excluded: combinations with all values of an entry.
    [InlineData(""" "exclude": [{"tea": "A", "size": 2}] """, "{{tea}}-{{size}}", "A-1 B-1 B-2")]
    [InlineData(""" "exclude": [{"size": 2, "tea": "A"}, {"tea": "B", "size": 1}] """, "{{tea}}-{{size}}", "A-1 B-2")]
    [InlineData(""" "exclude": [{"tea": "A"}] """, "{{tea}}-{{size}}", "B-1 B-2")]
    [InlineData(""" "exclude": [{"tea": "A"}] """, "{{tea}}", "B")]
    [InlineData(""" "exclude": [{"tea": "A"}] """, "{{size}}", "1 2")]
    [InlineData(""" "exclude": [{"tea": "A", "size": 2}] """, "{{tea}}", "A B")]
    // Included: into every combination that agrees on what is written in the matrix.
    [InlineData(""" "include": [{"tea": "A", "tint": "red"}] """, "{{tea}}-{{tint}}", "A-red")]
    [InlineData(""" "include": [{"tea": "A", "tint": "red"}] """, "{{tea}}-{{size}}-{{tint}}", "A-1-red A-2-red")]
    [InlineData(""" "include": [{"tea": "A", "tint": "red"}] """, "{{tea}}-{{size}}", "A-1 A-2 B-1 B-2")]
    [InlineData(""" "include": [{"tint": "grey"}, {"tea": "A", "tint": "red"}] """, "{{tea}}-{{tint}}", "A-red B-grey")]
    [InlineData(""" "include": [{"tea": "A", "tint": "red"}, {"size": 2, "wide": true}] """, "{{tint}}-{{wide}}", "red-true")]
    // Included: a combination of its own where it agrees with none.
    [InlineData(""" "include": [{"tea": "C", "size": 3}] """, "{{tea}}-{{size}}", "A-1 A-2 B-1 B-2 C-3")]
    [InlineData(""" "include": [{"tea": "A", "size": 3}] """, "{{tea}}-{{size}}", "A-1 A-2 A-3 B-1 B-2")]
    [InlineData(""" "include": [{"tea": "C"}] """, "{{tea}}", "A B C")]
    [InlineData(""" "include": [{"tea": "C"}] """, "{{tea}}-{{size}}", "A-1 A-2 B-1 B-2")]
    [InlineData(""" "include": [{"tea": "C"}, {"tea": "C", "tint": "blue"}] """, "{{tea}}-{{tint}}", "C-blue")]
    [InlineData(""" "include": [{"tea": "A", "size": 1}] """, "{{tea}}-{{size}}", "A-1 A-2 B-1 B-2")]
    // Excluding comes first.
    [InlineData(""" "exclude": [{"tea": "A"}], "include": [{"tea": "A", "size": 1}] """, "{{tea}}-{{size}}", "A-1 B-1 B-2")]
    public void Plan_MatrixWithRules_RepeatsJobsForTheCombinationsThatAreLeft(string rules, string id, string ids) =>
        Assert.Equal(
            ids.Split(' '),
            Some.Jobs($$"""{"id":"{{id}}"}""", $"{TwoByTwo}, {rules}").Select(job => job.Id).Order(StringComparer.Ordinal));

    [Fact]
    public void Plan_MatrixOfIncludesOnly_HasTheirCombinations() =>
        Assert.Equal(
            ["1-2", "3-4"],
            Some.Jobs("""{"id":"{{x}}-{{y}}"}""", """ "include": [{"x":1,"y":2},{"x":3,"y":4}] """).Select(job => job.Id));

    [Theory]
    [InlineData(""" "include": [{"tint": "grey"}, {"tea": "A", "tint": "red"}] """, "a-A a-B")]
    [InlineData(""" "include": [{"tea": "A", "tint": "red"}, {"tea": "A", "size": 3, "tint": "blue"}] """, "a-A-blue a-A-red")]
    public void Plan_IncludedVariableThatTheIdDoesNotName_IsAppendedWhereItTellsJobsApart(string rules, string ids) =>
        Assert.Equal(
            ids.Split(' '),
            Some.Jobs("""{"id":"a-{{tea}}","input":{"x":"{{tint}}"}}""", $"{TwoByTwo}, {rules}").Select(job => job.Id).Order(StringComparer.Ordinal));

    [Fact]
    public void Plan_IncludedNumber_KeepsItsType() =>
        Assert.Equal(
            "7",
            Assert.Single(Some.Jobs("""{"id":"a","input":{"seed":"{{seed}}"}}""", """ "include": [{"seed":7}] """)).Input.GetProperty("seed").GetRawText());

    [Theory]
    [InlineData("unknown_variable", "/matrix/exclude/0/teaa", "teaa", "tea", """ "exclude": [{"teaa": "A"}] """)]
    [InlineData("unknown_variable", "/matrix/exclude/0/tint", "tint", null, """ "include": [{"tint": "x"}], "exclude": [{"tint": "x"}] """)]
    [InlineData("bad_value", "/matrix/exclude/1/tea", "Q", "A", """ "exclude": [{"tea": "B"}, {"tea": "Q"}] """)]
    [InlineData("bad_value", "/matrix/exclude/0/size", "12", "1", """ "exclude": [{"tea": "A", "size": 12}] """)]
    [InlineData("no_combination", "/jobs/0", "tea", null, """ "exclude": [{"tea": "A"}, {"tea": "B"}] """)]
    public void Plan_RuleThatDoesNothing_IsToldOnceAndCompletely(string code, string pointer, string value, string? suggestion, string rules)
    {
        var problem = Assert.Single(Some.Problems("""{"id":"a-{{tea}}"}""", $"{TwoByTwo}, {rules}"));

        Assert.Equal((code, pointer, value, suggestion), (problem.Code, problem.Pointer, problem.Value, problem.Suggestion));
        Assert.NotEmpty(problem.Expected);
    }

    [Fact]
    public void Plan_VariablesThatNoCombinationHasTogether_AreTold()
    {
        var problem = Assert.Single(Some.Problems(
            """{"id":"{{x}}-{{y}}"}""", """ "include": [{"x": 1}, {"y": 2, "z": 1}], "z": [3] """));

        Assert.Equal((ProblemCodes.NoCombination, "/jobs/0", "x, y"), (problem.Code, problem.Pointer, problem.Value));
    }

    [Fact]
    public void Plan_NeedOfAnExcludedCombination_IsMissing()
    {
        var problem = Assert.Single(Some.Problems(
            """{"id":"still-{{tea}}","input":{"seed":"{{size}}"}},{"id":"print-{{tea}}","needs":["still-{{tea}}"],"input":{"x":"{{print}}"}}""",
            """ "tea": ["A", "B"], "size": [1], "exclude": [{"tea": "B"}], "include": [{"tea": "A", "print": 1}, {"tea": "B", "print": 2}] """));

        Assert.Equal((ProblemCodes.MissingDependency, "/jobs/1/needs/0", "still-B"), (problem.Code, problem.Pointer, problem.Value));
    }

    [Fact]
    public void Plan_RulesOverTooManyCombinations_AreRefused()
    {
        var values = string.Join(',', Enumerable.Range(0, 400));

        Assert.Equal(
            (ProblemCodes.TooLarge, "/matrix"),
            Some.Problems("""{"id":"a-{{x}}"}""", $$""" "x":[{{values}}],"y":[{{values}}],"include":[{"x":1,"z":1}] """)
                .Select(problem => (problem.Code, problem.Pointer)).Single());
    }
}
