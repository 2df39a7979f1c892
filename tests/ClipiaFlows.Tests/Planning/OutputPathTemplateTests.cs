using ClipiaFlows.Planning;

namespace ClipiaFlows.Tests.Planning;

public sealed class OutputPathTemplateTests
{
    [Theory]
    [InlineData("a/b.{{ext}}", 1, "a/b.png")]
    [InlineData("a/b.{{ext}}", 2, "a/b-2.png")]
    [InlineData("a/b-{{output}}.{{ext}}", 2, "a/b-2.png")]
    [InlineData("{{ext}}/b", 3, "png/b-3")]
    [InlineData("a.b/c", 2, "a.b/c-2")]
    [InlineData("a/.c", 2, "a/.c-2")]
    public void Name_Number_IsPutBeforeTheExtension(string planned, int number, string path) =>
        Assert.Equal(path, OutputPathTemplate.Name(planned, "png", number));

    [Theory]
    [InlineData("{{tea}}/{{job}}_{{output}} of {{index}}.{{ext}}", "Green-Tea/a-Green-Tea_{{output}} of 1.{{ext}}")]
    [InlineData("{{date}}/{{batch}}/{{model}}.{{ext}}", "2026-03-20/b-1/nano-banana-2.{{ext}}")]
    [InlineData("fixed.png", "fixed.png")]
    public void Plan_OutputPath_KeepsOnlyWhatIsKnownLater(string written, string planned) =>
        Assert.Equal(
            planned,
            Some.Jobs($$$"""{"id":"a","input":{"x":"{{tea}}"},"output":{"path":"{{{written}}}"}}""", """ "tea":["Green Tea"] """)[0].OutputPath);

    [Fact]
    public void Plan_NoOutputPath_IsTheJobsId() => Assert.Equal("a.{{ext}}", Some.Jobs("""{"id":"a"}""")[0].OutputPath);

    [Fact]
    public void Plan_PictureAndClipOfOneName_DoNotCollide() =>
        Some.Jobs("""
            {"id":"a","output":{"path":"hero.{{ext}}"}},
            {"id":"b","model":"seedance-2-fast-i2v","input":{"image_url":"https://example.com/u.png"},"output":{"path":"hero.{{ext}}"}},
            {"id":"c","output":{"path":"x.png"}},{"id":"d","output":{"path":"x.jpg"}}
            """);

    [Fact]
    public void Plan_PathOfTwoHundredCharacters_IsTheLongest()
    {
        Assert.Single(Some.Jobs(Job(197 - ".png".Length)));
        Assert.Equal("bad_path", Assert.Single(Some.Problems(Job(198 - ".png".Length))).Code);

        // Room is kept for the number of a further output.
        static string Job(int length) => $$$"""{"id":"a","output":{"path":"{{{new string('x', length)}}}.png"}}""";
    }
}
