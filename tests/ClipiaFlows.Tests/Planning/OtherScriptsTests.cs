using ClipiaFlows.Manifests;

namespace ClipiaFlows.Tests.Planning;

/// <summary>Names in every script: ids in ASCII, output paths as written.</summary>
public sealed class OtherScriptsTests
{
    private static readonly string[] Cities = ["東京", "大阪", "Москва", "São Paulo", "Mühle", "Mähle", "Müller", "Muller", "القاهرة", "🎉", "दिल्ली", "서울"];

    [Fact]
    public void Plan_ValuesOfEveryScript_HaveIdsOfTheirOwnInAscii()
    {
        var jobs = Some.Jobs("""{"id":"poster","input":{"prompt":"{{city}} at night"}}""", Matrix(Cities));

        Assert.Equal(Cities.Length, jobs.Select(job => job.Id).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(jobs, job => Assert.Matches("^poster-[A-Za-z0-9._-]+$", job.Id));
        Assert.Contains("poster-Sao-Paulo", jobs.Select(job => job.Id));
        Assert.Equal(Cities, jobs.Select(job => job.Variables["city"]));
        Assert.Equal(jobs.Select(job => job.Id), Some.Jobs("""{"id":"poster","input":{"prompt":"{{city}} at night"}}""", Matrix(Cities)).Select(job => job.Id));
    }

    [Fact]
    public void Plan_NeedOfAnotherScript_FindsItsJob()
    {
        var jobs = Some.Jobs("""{"id":"still-{{city}}"},{"id":"print-{{city}}","needs":["still-{{city}}"]}""", Matrix("東京", "Müller", "Muller"));

        Assert.Equal([[0], [1], [2]], jobs.Skip(3).Select(job => job.Needs));
    }

    [Theory]
    [InlineData("{{city}}/{{job}}.{{ext}}", "東京", "東京/a-")]
    [InlineData("{{city}}/still.{{ext}}", "São Paulo", "São-Paulo/still.{{ext}}")]
    [InlineData("Größe & Form/{{city}}.{{ext}}", "Łódź", "Größe - Form/Łódź.{{ext}}")]
    [InlineData("50% (neu)/{{city}}.{{ext}}", "x", "50- -neu-/x.{{ext}}")]
    [InlineData("cafe\u0301/{{city}}.{{ext}}", "x", "café/x.{{ext}}")]
    [InlineData("❤️ love/{{city}}.{{ext}}", "x", "- love/x.{{ext}}")]
    [InlineData("..;/{{city}}-{{output}}.{{ext}}", "x", "..-/x-{{output}}.{{ext}}")]
    public void Plan_WrittenPath_KeepsLettersAndTurnsSignsIntoHyphens(string path, string city, string planned)
    {
        var job = Assert.Single(Some.Jobs($$$"""{"id":"a-{{city}}","output":{"path":"{{{path}}}"}}""", Matrix(city)));

        Assert.StartsWith(planned, job.OutputPath, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Straße.png", "STRASSE.png")]
    [InlineData("é.png", "E\u0301.png")]
    [InlineData("ΣΊΣΥΦΟΣ.png", "Σίσυφος.png")]
    [InlineData("İ.png", "i\u0307.png")]
    [InlineData("Москва/x.png", "МОСКВА/X.png")]
    [InlineData("a&b.png", "a-b.png")]
    public void Plan_PathsThatAreOneNameOnSomeDisk_NameBothJobs(string one, string other)
    {
        var problem = Assert.Single(Some.Problems($$$"""{"id":"first","output":{"path":"{{{one}}}"}},{"id":"second","output":{"path":"{{{other}}}"}}"""));

        Assert.Equal((ProblemCodes.PathCollision, "/jobs/1/output/path"), (problem.Code, problem.Pointer));
        Assert.Contains("'first' and 'second'", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Straße", "STRASSE")]
    [InlineData("a b", "a&b")]
    public void Plan_ValuesThatAreOneNameInAPath_AreAProblem(string one, string other) =>
        Assert.Equal(ProblemCodes.PathCollision, Assert.Single(Some.Problems("""{"id":"a","output":{"path":"{{city}}.png"}}""", Matrix(one, other))).Code);

    [Fact]
    public void Plan_FolderAndFileThatDifferInFormOnly_AreAProblem() =>
        Assert.Equal(
            ProblemCodes.PathCollision,
            Assert.Single(Some.Problems("""{"id":"a","output":{"path":"É"}},{"id":"b","output":{"path":"e\u0301/x.png"}}""")).Code);

    [Fact]
    public void Plan_ValueInTwoNormalForms_IsOneValue()
    {
        var problem = Assert.Single(Some.Problems("""{"id":"a","input":{"prompt":"{{city}}"}}""", Matrix("é", "e\u0301")));
        Assert.Equal((ProblemCodes.DuplicateValue, "/matrix/city/1"), (problem.Code, problem.Pointer));

        var jobs = Some.Jobs("""{"id":"a","input":{"prompt":"{{city}}"}}""", """ "city":["é","x"],"exclude":[{"city":"e\u0301"}] """);
        Assert.Equal(["x"], jobs.Select(job => job.Variables["city"]));
    }

    private static string Matrix(params string[] cities) => $"\"city\":[{string.Join(',', cities.Select(city => $"\"{city}\""))}]";
}
