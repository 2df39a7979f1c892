using ClipiaFlows.Manifests;

namespace ClipiaFlows.Tests.Planning;

/// <summary>No two outputs may go to the same place, whatever extension they turn out to have.</summary>
public sealed class OutputPathsTests
{
    private const string Clip = """ "model":"seedance-2-fast-i2v","input":{"image_url":"https://example.com/u"} """;

    [Theory]
    [InlineData("png")]
    [InlineData("jpg")]
    [InlineData("jpeg")]
    [InlineData("webp")]
    [InlineData("GIF")]
    public void Plan_PictureOfAWrittenExtension_MeetsOneWhoseExtensionIsOpen(string ext)
    {
        AssertCollides($$$"""{"id":"a"},{"id":"b","output":{"path":"a.{{{ext}}}"}}""");
        AssertCollides($$$"""{"id":"b","output":{"path":"a.{{{ext}}}"}},{"id":"a"}""");
        AssertFine($$$"""{"id":"a",{{{Clip}}}},{"id":"b","output":{"path":"a.{{{ext}}}"}}""");
    }

    [Theory]
    [InlineData("mp4")]
    [InlineData("WebM")]
    [InlineData("mov")]
    public void Plan_ClipOfAWrittenExtension_MeetsOneWhoseExtensionIsOpen(string ext)
    {
        AssertCollides($$$"""{"id":"a",{{{Clip}}}},{"id":"b","output":{"path":"a.{{{ext}}}"}}""");
        AssertCollides($$$"""{"id":"b","output":{"path":"a.{{{ext}}}"}},{"id":"a",{{{Clip}}}}""");
        AssertFine($$$"""{"id":"a"},{"id":"b","output":{"path":"a.{{{ext}}}"}}""");
    }

    [Theory]
    [InlineData("""{"id":"a"},{"id":"b","output":{"path":"a.txt"}}""")]
    [InlineData("""{"id":"a"},{"id":"b","output":{"path":"a"}}""")]
    [InlineData("""{"id":"a"},{"id":"b","output":{"path":"png"}}""")]
    [InlineData("""{"id":"a","model":"mystery"},{"id":"b","output":{"path":"a.png"}}""")]
    [InlineData("""{"id":"a","model":"mystery","output":{"path":"x.{{ext}}"}},{"id":"b","model":"seedance-2-fast-i2v","input":{"image_url":"https://example.com/u"},"output":{"path":"x.{{ext}}"}}""")]
    [InlineData("""{"id":"a","output":{"path":"x.jpg"}},{"id":"b","output":{"path":"x.png"}}""")]
    [InlineData("""{"id":"a","output":{"path":"x/y"}},{"id":"b","output":{"path":"x/z"}}""")]
    public void Plan_FilesThatNeverMeet_AreFine(string jobs) => AssertFine(jobs);

    [Fact]
    public void Plan_TwoJobsOfOnePath_AreBothNamed()
    {
        var problem = Assert.Single(Some.Problems("""{"id":"a","output":{"path":"x/y.png"}},{"id":"b","output":{"path":"x/Y.png"}}"""));

        Assert.Equal(
            ("/jobs/1/output/path", "x/Y.png", "a path of its own for every output, ignoring case", "The jobs 'a' and 'b' would both write 'x/Y.png'."),
            (problem.Pointer, problem.Value, problem.Expected, problem.Message));
    }

    [Theory]
    [InlineData("nano-banana-2", "x.{image}")]
    [InlineData("seedance-2-fast-i2v", "x.{video}")]
    [InlineData("mystery", "x.{other}")]
    public void Plan_TwoJobsOfOneKindOnOnePath_ShowTheKind(string model, string file)
    {
        var job = $$$""" "model":"{{{model}}}","input":{"image_url":"https://example.com/u"},"output":{"path":"x.{{ext}}"} """;
        var problems = Some.Problems($$$"""{"id":"a",{{{job}}}},{"id":"b",{{{job}}}}""");

        Assert.Equal(file, Assert.Single(problems, problem => problem.Code == ProblemCodes.PathCollision).Value);
    }

    [Fact]
    public void Plan_PathWithABrokenTemplate_IsNotToldTwice() =>
        Assert.Equal(ProblemCodes.BadTemplate, Assert.Single(Some.Problems("""{"id":"a","output":{"path":"../{{tea and so on"}}""")).Code);

    [Theory]
    [InlineData("x", "x/y/z.png")]
    [InlineData("x/y", "x/y/z.png")]
    [InlineData("X/Y", "x/y/z.png")]
    public void Plan_FileThatIsAlsoAFolder_IsRefused(string file, string below)
    {
        var problem = Assert.Single(Some.Problems($$$"""{"id":"a","output":{"path":"{{{file}}}"}},{"id":"b","output":{"path":"{{{below}}}"}}"""));

        Assert.Equal(
            (ProblemCodes.PathCollision, "/jobs/0/output/path", file, "names of files that are not names of folders", $"The job 'a' would write the file '{file}', where the job 'b' has a folder."),
            (problem.Code, problem.Pointer, problem.Value, problem.Expected, problem.Message));
    }

    [Theory]
    // Pictures asked for, the number of the last file, and of the one behind it.
    [InlineData("1", "a", "a-2")]
    [InlineData("2", "a-2", "a-3")]
    [InlineData("4", "a-4", "a-5")]
    public void Plan_SeveralPictures_TakeAPathEach(string pictures, string last, string behind)
    {
        AssertCollides($$$"""{"id":"a","input":{"num_images":{{{pictures}}}}},{"id":"b","output":{"path":"{{{last}}}.png"}}""");
        AssertFine($$$"""{"id":"a","input":{"num_images":{{{pictures}}}}},{"id":"b","output":{"path":"{{{behind}}}.png"}}""");
    }

    [Theory]
    [InlineData("\"2\"")]
    [InlineData("1.5")]
    [InlineData("0")]
    [InlineData("-3")]
    public void Plan_NumberOfPicturesThatIsNone_IsToldForItselfOnly(string pictures)
    {
        var problems = Some.Problems($$$"""{"id":"a","input":{"num_images":{{{pictures}}}}},{"id":"b","output":{"path":"a.png"}}""");

        Assert.Equal(["/jobs/0/input/num_images", "/jobs/1/output/path"], problems.Select(problem => problem.Pointer).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Plan_PathThatIsNone_SaysWhatIsExpected()
    {
        var problem = Assert.Single(Some.Problems("""{"id":"a","output":{"path":"../x.png"}}"""));

        Assert.Equal("no '.' and '..', the path stays below the batch's folder", problem.Expected);
        Assert.Equal("'../x.png' cannot be the path of an output.", problem.Message);
    }

    private static void AssertCollides(string jobs) => Assert.Equal(ProblemCodes.PathCollision, Assert.Single(Some.Problems(jobs)).Code);

    private static void AssertFine(string jobs) => Assert.Empty(Some.Problems(jobs));
}
