using System.Text.Json;

namespace ClipiaFlows.Tests.Planning;

public sealed class ExpansionTests
{
    private const string Matrix = """ "tea": ["Green Tea", "Mint"], "size": [1, 2], "unused": ["x"] """;

    [Theory]
    [InlineData("""{"id":"a"}""", "a")]
    [InlineData("""{"id":"a-{{size}}"}""", "a-1 a-2")]
    [InlineData("""{"id":"{{ size }}.{{tea}}"}""", "1.Green-Tea 2.Green-Tea 1.Mint 2.Mint")]
    [InlineData("""{"id":"a","input":{"seed":"{{size}}"}}""", "a-1 a-2")]
    [InlineData("""{"id":"a","input":{"image_urls":["https://example.com/{{tea}}"]}}""", "a-Green-Tea a-Mint")]
    [InlineData("""{"id":"a","output":{"path":"{{size}}.{{ext}}"}}""", "a-1 a-2")]
    [InlineData("""{"id":"a-{{tea}}","input":{"seed":"{{size}}"}}""", "a-Green-Tea-1 a-Green-Tea-2 a-Mint-1 a-Mint-2")]
    [InlineData("""{"id":"a","count":3}""", "a-1 a-2 a-3")]
    [InlineData("""{"id":"a{{index}}x","count":2}""", "a1x a2x")]
    [InlineData("""{"id":"a","count":2,"input":{"seed":"{{size}}"}}""", "a-1-1 a-1-2 a-2-1 a-2-2")]
    [InlineData("""{"id":"{{batch}}_{{date}}_{{model}}"}""", "b-1_2026-03-20_nano-banana-2")]
    [InlineData("""{"id":"a"},{"id":"b","needs":["a"]}""", "a b")]
    public void Plan_JobsThatNameVariables_AreRepeatedForThem(string jobs, string ids) =>
        Assert.Equal(ids.Split(' ').Order(), Some.Jobs(jobs, Matrix).Select(job => job.Id).Order());

    [Fact]
    public void Plan_Repetitions_AreNumberedInTheOrderWritten()
    {
        var jobs = Some.Jobs("""{"id":"a","input":{"seed":"{{size}}"},"count":2},{"id":"b"}""", Matrix);

        Assert.Equal(Enumerable.Range(0, 5), jobs.Select(job => job.N));
        Assert.Equal(["a-1-1", "a-1-2", "a-2-1", "a-2-2", "b"], jobs.Select(job => job.Id));
        Assert.Equal([1, 2, 1, 2, 1], jobs.Select(job => job.Replica));
        Assert.Equal("2", jobs[2].Variables["size"]);
        Assert.Equal(("/jobs/1", 0), (jobs[4].Pointer, jobs[4].Variables.Count));
    }

    [Theory]
    [InlineData("a {{tea}} b", "a Green Tea b")]
    [InlineData("{{tea}}{{size}}", "Green Tea1")]
    [InlineData(@"\{{tea}} {{size}}", "{{tea}} 1")]
    [InlineData("{ \"a\": {\"b\": 1}} {{size}}", "{ \"a\": {\"b\": 1}} 1")]
    [InlineData("{{job}}/{{index}}/{{model}}/{{batch}}/{{date}}/{{tea}}{{size}}", "a-Green-Tea-1/1/nano-banana-2/b-1/2026-03-20/Green Tea1")]
    public void Plan_Variables_AreReplacedInInputs(string written, string expanded) =>
        Assert.Equal(expanded, First(JsonSerializer.Serialize(written)).GetString());

    [Theory]
    [InlineData("\"{{size}}\"", "1")]
    [InlineData("\"{{tea}}\"", "\"Green Tea\"")]
    [InlineData("\"{{index}}\"", "1")]
    [InlineData("\" {{size}}\"", "\" 1\"")]
    [InlineData("""{"deep":[{"x":"{{size}}","y":null}]}""", """{"deep":[{"x":1,"y":null}]}""")]
    public void Plan_VariableThatIsTheWholeString_KeepsItsType(string written, string expanded) =>
        Assert.Equal(expanded, First(written).GetRawText());

    [Fact]
    public void Plan_Defaults_AreMergedFieldByField()
    {
        var job = Assert.Single(Some.Whole(Some.Plan(
            """
            {"defaults":{"model":"mystery","input":{"a":1,"b":{"x":1},"c":3},"output":{"path":"all/{{job}}.{{ext}}"}},
             "jobs":[{"id":"j","input":{"b":{"y":2},"c":null}}]}
            """)));

        Assert.Equal("""{"a":1,"b":{"y":2}}""", job.Input.GetRawText());
        Assert.Equal("all/j.{{ext}}", job.OutputPath);
    }

    [Fact]
    public void Plan_DefaultsWithVariables_RepeatEveryJobThatTakesThem() =>
        Assert.Equal(
            ["a-1", "a-2", "b"],
            Some.Whole(Some.Plan(
                """
                {"defaults":{"model":"mystery","input":{"seed":"{{size}}"}},"matrix":{"size":[1,2]},
                 "jobs":[{"id":"a"},{"id":"b","input":{"seed":7}}]}
                """)).Select(job => job.Id));

    [Fact]
    public void Plan_ModelFromTheMatrix_IsFoundForEveryRepetition() =>
        Assert.Equal(
            ["nano-banana-2", "flux-2-pro"],
            Some.Jobs("""{"id":"a-{{engine}}","model":"{{engine}}"}""", """ "engine": ["nano-banana-2", "FLUX-2-pro"] """)
                .Select(job => job.Model));

    private static JsonElement First(string value) =>
        Some.Jobs($$$"""{"id":"a","input":{"x":{{{value}}}}}""", Matrix)[0].Input.GetProperty("x");
}
