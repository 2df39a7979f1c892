using System.Text.Json;
using ClipiaFlows.Manifests;
using ClipiaFlows.Planning;

namespace ClipiaFlows.Tests.Planning;

/// <summary>What a plan refuses or warns of, because it would be paid for in vain.</summary>
public sealed class WastedCreditsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("\\n\\t")]
    [InlineData("\\u3000\\u00a0")]
    public void Plan_BlankRequiredText_IsRefused(string prompt)
    {
        var problem = Assert.Single(Some.Problems($$$"""{"id":"a","input":{"prompt":"{{{prompt}}}"}}"""));

        Assert.Equal((ProblemCodes.InputEmpty, "/jobs/0/input/prompt"), (problem.Code, problem.Pointer));
    }

    [Fact]
    public void Plan_RequiredTextThatAVariableLeavesBlank_IsRefusedAtTheTemplate()
    {
        var problem = Assert.Single(Some.Problems("""{"id":"a-{{n}}","input":{"prompt":"{{text}} "}}""", """ "n": [1, 2], "text": ["", "fox"] """));

        Assert.Equal((ProblemCodes.InputEmpty, "/jobs/0/input/prompt"), (problem.Code, problem.Pointer));
    }

    [Fact]
    public void Plan_BlankRequiredTextInTheDefaults_IsRefusedOnce()
    {
        var problem = Assert.Single(Some.Plan(
            """{"defaults":{"model":"nano-banana-2","input":{"prompt":""}},"jobs":[{"id":"a"},{"id":"b"}]}""").Problems);

        Assert.Equal((ProblemCodes.InputEmpty, "/defaults/input/prompt"), (problem.Code, problem.Pointer));
    }

    [Fact]
    public void Plan_BlankRequiredAddress_IsOneProblem() => Assert.Equal(
        ProblemCodes.InputEmpty,
        Assert.Single(Some.Problems("""{"id":"a","model":"seedance-2-fast-i2v","input":{"image_url":" "}}""")).Code);

    [Theory]
    [InlineData("""{"id":"a","input":{"image_urls":["https://example.com/a.png","./b.png"]}}""", "local_path", "/jobs/0/input/image_urls/1")]
    [InlineData("""{"id":"a","model":"seedance-2-fast-i2v","input":{"image_url":"http://192.168.0.2/a.png"}}""", "private_address", "/jobs/0/input/image_url")]
    [InlineData("""{"id":"a-{{file}}","input":{"image_urls":["in/{{file}}"]}}""", "local_path", "/jobs/0/input/image_urls/0")]
    [InlineData("""{"id":"a-{{file}}","input":{"image_urls":["{{file}}"]}}""", "local_path", "/jobs/0/input/image_urls/0")]
    [InlineData("""{"id":"a","input":{"references":[{"weight":1,"image_url":"b.png"}]}}""", "local_path", "/jobs/0/input/references/0/image_url")]
    [InlineData("""{"id":"a","model":"mystery","input":{"image_url":"b.png"}}""", "local_path", "/jobs/0/input/image_url")]
    [InlineData("""{"id":"a","model":"mystery","input":{"image_url":"data:image/png;base64,AA"}}""", "bad_address", "/jobs/0/input/image_url")]
    public void Plan_AddressThatTheApiCannotFetch_IsRefusedAtItsPlace(string job, string code, string pointer)
    {
        var problem = Assert.Single(Some.Problems(job, """ "file": ["shoe.png", "boot.png"] """));

        Assert.Equal((code, pointer), (problem.Code, problem.Pointer));
    }

    [Fact]
    public void Plan_AddressOfAnotherJobsOutput_IsTaken() => Assert.Empty(Some.Problems(
        """{"id":"a"},{"id":"b","input":{"image_urls":["${{ jobs.a.output.images[0].url }}"]}}"""));

    [Fact]
    public void Plan_PrivateAddressForAnApiOnThisMachine_IsTaken()
    {
        var local = new ModelCatalogue([Some.Catalogue.Find("seedance-2-fast-i2v")!]) { FetchesPrivateAddresses = true };
        var manifest = ManifestReader.Read(
            """{"jobs":[{"id":"a","model":"seedance-2-fast-i2v","input":{"prompt":"p","image_url":"http://127.0.0.1:9/a.png"}}]}"""u8.ToArray());

        Assert.Empty(Planner.Plan(manifest, "b-1", local, Some.Now).Problems);
    }

    [Fact]
    public void Plan_UnlistedInput_IsWarnedOfWithTheNearestName()
    {
        var warnings = Warnings("""{"id":"a","input":{"apsect_ratio":"16:9","style":"noir"}}""");

        Assert.Equal(
            [("unknown_input", "/jobs/0/input/apsect_ratio", "apsect_ratio", "aspect_ratio"), ("unknown_input", "/jobs/0/input/style", "style", null)],
            warnings.Select(warning => (warning.Code, warning.Pointer, warning.Value, warning.Suggestion)));
    }

    [Fact]
    public void Plan_EqualWarningsOfManyJobs_AreOneWithTheirNumber()
    {
        var jobs = string.Join(',', Enumerable.Range(0, 50).Select(n => $$$"""{"id":"a{{{n}}}","input":{"promt":"{{{n}}}"},"output":{"path":"{{{n}}}.jpg"}}"""));

        var warnings = Warnings(jobs);

        Assert.Equal([("unknown_input", 50, "prompt"), ("wrong_extension", 50, "0.{{ext}}")], warnings.Select(one => (one.Code, one.Jobs, one.Suggestion!)));
        Assert.All(warnings, warning => Assert.EndsWith("(And in 49 more jobs.)", warning.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Plan_ManyDifferentWarnings_ListsTheFirstAndSaysThatThereAreMore()
    {
        var inputs = string.Join(',', Enumerable.Range(0, 300).Select(n => $"\"x{n}\":1"));

        var warnings = Warnings($$$"""{"id":"a","input":{ {{{inputs}}} }}""");

        Assert.Equal(ManifestLimits.MaxWarnings + 1, warnings.Count);
        Assert.Equal(WarningCodes.TooManyWarnings, warnings[^1].Code);
    }

    [Fact]
    public void Plan_DefaultThatSomeModelsDoNotTake_IsOneWarningThatNamesThem()
    {
        var warning = Assert.Single(Some.Plan(
            """
            {"defaults":{"input":{"prompt":"p","num_images":2}},"jobs":[
              {"id":"a","model":"nano-banana-2"},
              {"id":"b","count":3,"model":"seedance-2-fast-i2v","input":{"image_url":"https://example.com/a.png"}},
              {"id":"c","model":"seedance-2-fast-i2v","input":{"image_url":"https://example.com/a.png","num_images":null}}]}
            """).Warnings);

        Assert.Equal(("default_not_taken", "/defaults/input/num_images", "num_images", null), (warning.Code, warning.Pointer, warning.Value, warning.Suggestion));
        Assert.Contains("seedance-2-fast-i2v, so it probably has no effect in 3 jobs", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_DefaultThatNoModelTakes_IsWarnedOfWithTheNearestName() => Assert.Equal(
        ("/defaults/input/resolutoin", "resolution"),
        Some.Plan("""{"defaults":{"model":"flux-2-pro","input":{"prompt":"p","resolutoin":"1K"}},"jobs":[{"id":"a"},{"id":"b"}]}""")
            .Warnings.Select(warning => (warning.Pointer, warning.Suggestion)).Single());

    [Theory]
    [InlineData("nano-banana-2", "shoe.jpg", "shoe.{{ext}}")]
    [InlineData("nano-banana-2", "shoe.JPEG", "shoe.{{ext}}")]
    [InlineData("nano-banana-2", "shoe.webp", "shoe.{{ext}}")]
    [InlineData("nano-banana-2", "shoe.mp4", "shoe.{{ext}}")]
    [InlineData("nano-banana-2", "{{job}}/x.tiff", "{{job}}/x.{{ext}}")]
    [InlineData("seedance-2-fast-i2v", "clip.png", "clip.{{ext}}")]
    [InlineData("seedance-2-fast-i2v", "clip.mov", "clip.{{ext}}")]
    public void Plan_WrittenExtensionOfOtherFiles_IsWarnedOf(string model, string path, string suggestion)
    {
        var source = model == "nano-banana-2" ? """ "image_urls":["https://example.com/a.png"] """ : """ "image_url":"https://example.com/a.png" """;

        var warning = Assert.Single(Warnings($$$"""{"id":"a","model":"{{{model}}}","input":{ {{{source}}} },"output":{"path":"{{{path}}}"}}"""));

        Assert.Equal(("wrong_extension", "/jobs/0/output/path", suggestion), (warning.Code, warning.Pointer, warning.Suggestion));
    }

    [Theory]
    [InlineData("shoe.png")]
    [InlineData("shoe.PNG")]
    [InlineData("shoe.{{ext}}")]
    [InlineData("shoe.jpg.{{ext}}")]
    [InlineData("shoe-v1.2")]
    [InlineData("shoe")]
    public void Plan_FittingOrNoExtension_IsNotWarnedOf(string path) =>
        Assert.Empty(Warnings($$$"""{"id":"a","output":{"path":"{{{path}}}"}}"""));

    [Fact]
    public void Plan_ExtensionThatTheInputAsksFor_IsNotWarnedOf()
    {
        var model = new ModelDescription("m", "image", new Dictionary<string, InputField> { ["output_format"] = new() { Type = "string" } });
        var manifest = ManifestReader.Read(
            """
            {"defaults":{"model":"m","input":{"output_format":"jpeg"}},"jobs":[{"id":"a","output":{"path":"a.jpg"}},{"id":"b","output":{"path":"b.png"}}]}
            """u8.ToArray());

        var warning = Assert.Single(Planner.Plan(manifest, "b-1", new([model]), Some.Now).Warnings);

        Assert.Equal("/jobs/1/output/path", warning.Pointer);
    }

    [Fact]
    public void Plan_WarningInJsonLines_CarriesItsLine()
    {
        var manifest = ManifestReader.Read(
            """
            {"defaults":{"model":"nano-banana-2"}}
            {"id":"a","input":{"prompt":"p"}}
            {"id":"b","input":{"prompt":"p","sede":1}}
            """u8.ToArray());

        Assert.Equal((3, "seed"), Planner.Plan(manifest, "b-1", Some.Catalogue, Some.Now).Warnings.Select(one => (one.Line!.Value, one.Suggestion)).Single());
    }

    [Fact]
    public void Plan_Warnings_DoNotQuoteInputs() => Assert.DoesNotContain(
        "secret", JsonSerializer.Serialize(Warnings("""{"id":"a","input":{"promtp":"secret"}}""")), StringComparison.Ordinal);

    private static IReadOnlyList<ManifestWarning> Warnings(string jobs)
    {
        var outcome = Some.Plan(Some.Manifest(jobs));
        Assert.Empty(outcome.Problems);
        return outcome.Warnings;
    }
}
