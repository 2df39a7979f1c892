using System.Globalization;
using System.Text;
using System.Text.Json;
using ClipiaFlows.Manifests;
using ClipiaFlows.Planning;

namespace ClipiaFlows.Tests.Planning;

internal static class Some
{
    public static readonly DateTimeOffset Now =
        DateTimeOffset.Parse("2026-03-20T08:00:00Z", CultureInfo.InvariantCulture);

    public static readonly ModelCatalogue Catalogue = new(
    [
        new("nano-banana-2", "image", ImageFields),
        new("flux-2-pro", "image", ImageFields),
        new("seedance-2-fast-i2v", "video", new Dictionary<string, InputField>
        {
            ["prompt"] = new() { Type = "string", Required = true },
            ["image_url"] = new() { Type = "string", Required = true },
            ["aspect_ratio"] = new() { Type = "string", Enum = Values("16:9", "9:16", "1:1") },
            ["duration"] = new() { Type = "number", Minimum = 4, Maximum = 15 },
            ["resolution"] = new() { Type = "string", Enum = Values("480p", "720p") },
        }),
        new("mystery", "audio", new Dictionary<string, InputField>()),
    ]);

    private static Dictionary<string, InputField> ImageFields => new()
    {
        ["prompt"] = new() { Type = "string", Required = true },
        ["aspect_ratio"] = new() { Type = "string" },
        ["resolution"] = new() { Type = "string", Enum = Values("1K", "2K", "4K") },
        ["num_images"] = new() { Type = "integer", Minimum = 1, Maximum = 4, Default = JsonSerializer.SerializeToElement(1) },
        ["image_urls"] = new() { Type = "array", MaxItems = 2 },
        ["seed"] = new() { Type = "integer" },
    };

    public static PlanOutcome Plan(string manifest) =>
        Planner.Plan(ManifestReader.Read(Encoding.UTF8.GetBytes(manifest)), "b-1", Catalogue, Now);

    /// <summary>The jobs of a manifest with a default model and prompt, so that a test writes only what it is about.</summary>
    public static IReadOnlyList<PlannedJob> Jobs(string jobs, string matrix = "") => Whole(Plan(Manifest(jobs, matrix)));

    public static IReadOnlyList<ManifestProblem> Problems(string jobs, string matrix = "") =>
        Plan(Manifest(jobs, matrix)).Problems;

    public static string Manifest(string jobs, string matrix = "") =>
        $$$"""
        {"defaults": {"model": "nano-banana-2", "input": {"prompt": "p"}}, "matrix": { {{{matrix}}} }, "jobs": [{{{jobs}}}]}
        """;

    public static IReadOnlyList<PlannedJob> Whole(PlanOutcome outcome)
    {
        Assert.Empty(outcome.Problems);
        return outcome.Plan!.Jobs;
    }

    private static List<JsonElement> Values(params string[] values) =>
        values.Select(value => JsonSerializer.SerializeToElement(value)).ToList();
}
