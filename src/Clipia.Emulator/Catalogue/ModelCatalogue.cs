namespace Clipia.Emulator;

/// <summary>The models on offer. Slugs and prices: the vendor's price list of July 2026, /v1/models in section 3.9 of the contract.</summary>
internal static class ModelCatalogue
{
    private static readonly object[] ImageShapes = ["1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "21:9"];
    private static readonly object[] VideoShapes = ["16:9", "9:16", "1:1"];

    public static IReadOnlyList<GenerationModel> Generation { get; } =
    [
        Image("nano-banana-2", "Nano Banana 2", editing: true, Scaled(4, Factors("resolution", ("1K", 1), ("2K", 1), ("4K", 1.5m))), "1K", "2K", "4K"),
        Image("nano-banana-pro", "Nano Banana Pro", editing: true, Flat(5), "1K", "2K", "4K"),
        Image("flux-2-pro", "FLUX 2 Pro", editing: false, Flat(3)),
        Image("gpt-image-2", "GPT Image 2", editing: true, Scaled(3, Factors("resolution", ("1K", 1), ("2K", 1.67m), ("4K", 2.33m))), "1K", "2K", "4K"),
        Video("seedance-2-fast-t2v", "Seedance 2 Fast (text)", "text", PerSecond(47, ("480p", 0.6m), ("720p", 1))),
        Video("seedance-2-fast-i2v", "Seedance 2 Fast (image)", "image", PerSecond(47, ("480p", 0.6m), ("720p", 1))),
        Video("kling-3", "Kling 3", "both", PerSecond(36, ("720p", 1), ("1080p", 1.5m))),
        Video("wan-2-7", "Wan 2.7", "both", PerSecond(24, ("720p", 1), ("1080p", 1.5m))),
        Video("sora-2", "Sora 2", "text", Flat(17)),
        Video("sora-2-pro", "Sora 2 Pro", "text", Flat(28)),
    ];

    private static readonly Dictionary<string, GenerationModel> BySlug = Generation.ToDictionary(model => model.Slug);

    public static GenerationModel? Find(string slug) => BySlug.GetValueOrDefault(slug);

    private static GenerationModel Image(string slug, string name, bool editing, Pricing pricing, params object[] resolutions)
    {
        var fields = new Dictionary<string, InputField>
        {
            ["prompt"] = new("string") { Required = true },
            ["negative_prompt"] = new("string"),
            ["aspect_ratio"] = new("string") { Enum = ImageShapes, Default = "1:1" },
            ["num_images"] = new("integer") { Minimum = 1, Maximum = 4, Default = 1 },
            ["seed"] = new("integer"),
        };
        if (resolutions.Length > 0)
            fields["resolution"] = new("string") { Enum = resolutions, Default = resolutions[0] };
        if (editing)
        {
            fields["image_url"] = new("string") { Format = "url" };
            fields["image_urls"] = new("array") { MaxItems = 4 };
        }
        return new(slug, GenerationModel.Image, name, editing ? ["text-to-image", "image-to-image"] : ["text-to-image"], pricing) { InputSchema = fields };
    }

    private static GenerationModel Video(string slug, string name, string from, Pricing pricing)
    {
        var fields = new Dictionary<string, InputField>
        {
            ["prompt"] = new("string") { Required = from != "image" ? true : null },
            ["negative_prompt"] = new("string"),
            ["aspect_ratio"] = new("string") { Enum = VideoShapes, Default = "16:9" },
            ["generate_audio"] = new("boolean") { Default = false },
            ["seed"] = new("integer"),
        };
        if (from != "text")
            fields["image_url"] = new("string") { Format = "url", Required = from == "image" ? true : null, Description = "Start frame." };
        if (pricing.Multipliers is { } multipliers)
        {
            fields["duration"] = new("integer") { Minimum = 4, Maximum = 15, Default = 5, Description = "Seconds." };
            fields["resolution"] = new("string") { Enum = [.. multipliers["resolution"].Keys], Default = "720p" };
        }
        string[] capabilities = from switch { "text" => ["text-to-video"], "image" => ["image-to-video"], _ => ["text-to-video", "image-to-video"] };
        return new(slug, GenerationModel.Video, name, capabilities, pricing) { InputSchema = fields };
    }

    private static Pricing Flat(decimal credits) => new() { Credits = credits };

    private static Pricing Scaled(decimal credits, params (string, IReadOnlyDictionary<string, decimal>)[] multipliers) =>
        new() { CreditsBase = credits, Multipliers = multipliers.ToDictionary(pair => pair.Item1, pair => pair.Item2) };

    /// <summary>Priced for 5 seconds and linear in the duration.</summary>
    private static Pricing PerSecond(decimal credits, params (string, decimal)[] resolutions) => Scaled(
        credits,
        Factors("resolution", resolutions),
        Factors("duration", [.. Enumerable.Range(4, 12).Select(seconds => ($"{seconds}", seconds / 5m))])) with
    {
        Note = "Base price: 5 seconds.",
    };

    private static (string, IReadOnlyDictionary<string, decimal>) Factors(string parameter, params (string, decimal)[] factors) =>
        (parameter, factors.ToDictionary(factor => factor.Item1, factor => factor.Item2));
}
