namespace Clipia.Tests.Emulator;

/// <summary>Measures the memory of this process, so nothing else may run meanwhile.</summary>
[Collection(nameof(RunsAlone))]
public sealed class LeakTests
{
    private const long Tolerated = 4 * 1024 * 1024;

    [Fact]
    public async Task Rubbish_OfEveryKind_LeavesMemoryAndLedgerAsTheyWere()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        string[] bodies = ["", "{", "nul", "\0", """{"input":{"prompt":""", """{"input":{}}""", new('x', 900_000)];

        // Pools may grow in one round; what is lost is lost in every round. All bodies of one are 50 MB.
        var growth = new List<long>();
        do
        {
            var before = LiveBytes();
            await ThrowAllAsync(400);
            growth.Add(LiveBytes() - before);
        }
        while (growth[^1] > Tolerated && growth.Count < 4);

        Assert.InRange(growth[^1], long.MinValue, Tolerated);
        Assert.Equal(0, (await emulator.Local.GetAsync("/_local/ledger")).Body.GetProperty("entries").GetArrayLength());
        Assert.Equal(200, (await emulator.Live.SubmitAsync("sora-2", """{"prompt":"a"}""")).Status);

        async Task ThrowAllAsync(int times)
        {
            for (var i = 0; i < times; i++)
                Assert.InRange((await emulator.Live.PostAsync("/v1/models/sora-2", bodies[i % bodies.Length], $"key-{i}")).Status, 400, 499);
        }

        static long LiveBytes()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return GC.GetTotalMemory(forceFullCollection: true);
        }
    }
}

[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public sealed class RunsAlone;
