using System.Text.Json;
using Xunit.Abstractions;

namespace ClipiaFlows.Tests.Soak;

/// <summary>Other tests allocate in the same process, so it runs when none of them does.</summary>
[CollectionDefinition(nameof(SoakAlone), DisableParallelization = true)]
public sealed class SoakAlone;

/// <summary>A day of batches, then retention: what is left is what was there.</summary>
[Collection(nameof(SoakAlone))]
public sealed class SoakTests(ITestOutputHelper output)
{
    private static readonly TimeSpan BetweenBatches = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ADay = TimeSpan.FromHours(24);
    private const int WarmUp = 12;

    [Fact]
    public async Task ADay_WithABatchEveryTenMinutes_LeavesNothingBehind()
    {
        await using var product = new SoakedProduct();
        await product.StartAsync();
        var begin = product.Time.GetUtcNow();
        var batches = (int)(ADay / BetweenBatches);

        // Caches fill up while the first few run.
        await RunAsync(product, begin, from: 0, count: WarmUp);
        var before = await RetireAsync(product);
        output.WriteLine($"after {WarmUp} batches and retention:  {before}");
        await RunAsync(product, product.Time.GetUtcNow(), from: WarmUp, count: batches);
        output.WriteLine($"after {batches} more: {Measure(product)}");
        var after = await RetireAsync(product);
        output.WriteLine($"after retention: {after}");

        Assert.True(product.Time.GetUtcNow() - begin >= ADay);
        Assert.Equal((0, 0), (after.JobRows, after.Blobs + after.Outputs));
        Assert.Equal((before.BatchRows, before.KeyRows, before.Instances, before.HistoryRows), (after.BatchRows, after.KeyRows, after.Instances, after.HistoryRows));
        Assert.InRange(after.FileKilobytes, 0, before.FileKilobytes * 1.2 + 256);
        // The emulator keeps its requests, about two kilobytes each; the product keeps nothing.
        Assert.InRange(after.MemoryKilobytes, 0, before.MemoryKilobytes + 8_000);
    }

    private static async Task RunAsync(SoakedProduct product, DateTimeOffset begin, int from, int count)
    {
        for (var n = 0; n < count; n++)
        {
            if (begin + (n * BetweenBatches) is var due && due > product.Time.GetUtcNow())
                product.Time.AdvanceTo(due);
            await product.WatchAsync();
            await product.RunAsync($"batch-{from + n}", Manifest(from + n));
        }
    }

    private static async Task<Figures> RetireAsync(SoakedProduct product)
    {
        product.Time.Advance(ADay + BetweenBatches);
        await product.RetireAsync();
        return Measure(product);
    }

    private static Figures Measure(SoakedProduct product) => new(
        product.Jobs.Count, product.Batches.Count, product.Keys.Count, product.Blobs.Blobs.Count, product.Outputs.Names.Count, product.Instances,
        product.HistoryRows, product.FileBytes / 1024, GC.GetTotalMemory(forceFullCollection: true) / 1024);

    private static byte[] Manifest(int number) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        name = $"Batch {number}",
        defaults = new { model = "nano-banana-2", input = new { resolution = "1K" } },
        jobs = new object[]
        {
            new { id = "still", count = 2, input = new { prompt = $"Picture {number}-{{{{index}}}}" } },
            new { id = "clip", model = "seedance-2-fast-i2v", input = new { prompt = "It moves", image_url = "${{ jobs.still-1.output.images[0].url }}", duration = 5, resolution = "480p" } },
        },
    });

    private sealed record Figures(
        int JobRows, int BatchRows, int KeyRows, int Blobs, int Outputs, long Instances, long HistoryRows, long FileKilobytes, long MemoryKilobytes);
}
