using System.Text.Json;

namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>The campaign of the kill matrix: a chain, equal jobs, one that always fails upstream, and one that the budget does not allow.</summary>
internal static class KillCampaign
{
    /// <summary>The input seed that the emulator is told to let fail.</summary>
    public const long FailingSeed = 666;

    /// <summary>A batch that holds the only slot for a while.</summary>
    public static byte[] OneJob(string id) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        version = 1,
        id,
        jobs = new[] { new { id = "only", model = "nano-banana-2", input = new { prompt = $"A pier of {id}" } } },
    });

    public static byte[] Manifest(string id) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        version = 1,
        id,
        name = "Six jobs",
        defaults = new { model = "nano-banana-2", input = new { resolution = "1K" } },
        policy = new { budgetCredits = 100, onBudget = "stop", retries = 1, reuse = "batch" },
        jobs = new object[]
        {
            new { id = "hero", input = new { prompt = $"A lighthouse of {id}" } },
            new
            {
                id = "clip",
                model = "seedance-2-fast-i2v",
                input = new { prompt = "The beam turns", image_url = "${{ jobs.hero.output.images[0].url }}", duration = 4, resolution = "480p" },
            },
            new { id = "twin-1", input = new { prompt = $"Two equal gulls of {id}" } },
            new { id = "twin-2", input = new { prompt = $"Two equal gulls of {id}" } },
            new { id = "broken", input = new { prompt = "A broken lamp", seed = FailingSeed } },
            new { id = "dear", model = "kling-3", input = new { prompt = "A storm", duration = 15, resolution = "1080p" } },
        },
    });
}
