using System.Text.Json;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

/// <summary>Manifests to run.</summary>
internal static class Campaigns
{
    /// <summary>The sample that `demo` runs.</summary>
    public static byte[] Spring() => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "samples", "spring-campaign.json"));

    /// <summary>So many images, and a clip that is made from the first of them.</summary>
    public static byte[] Small(int images) => Of(Images(images).Append(Clip));

    /// <summary>So many images.</summary>
    public static byte[] ImagesOnly(int images) => Of(Images(images));

    private static object Clip => new
    {
        id = "clip",
        model = "seedance-2-fast-i2v",
        input = new
        {
            prompt = "The boat drifts towards the reeds",
            image_url = "${{ jobs.image-1.output.images[0].url }}",
            duration = 5,
            resolution = "720p",
        },
    };

    private static IEnumerable<object> Images(int count) => Enumerable.Range(1, count)
        .Select(number => new { id = $"image-{number}", input = new { prompt = $"A paper boat on a pond, number {number}" } });

    private static byte[] Of(IEnumerable<object> jobs) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        version = 1,
        name = "A small campaign",
        defaults = new { model = "nano-banana-2", input = new { resolution = "1K" } },
        jobs,
    });
}
