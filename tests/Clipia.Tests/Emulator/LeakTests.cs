namespace Clipia.Tests.Emulator;

/// <summary>Measures the memory of this process, so nothing else may run meanwhile.</summary>
[Collection(nameof(RunsAlone))]
public sealed class LeakTests
{
    [Fact]
    public async Task Rubbish_OfEveryKind_LeavesMemoryAndLedgerAsTheyWere()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        string[] bodies = ["", "{", "nul", "\0", """{"input":{"prompt":""", """{"input":{}}""", new('x', 900_000)];
        await ThrowAllAsync(20);
        var before = LiveBytes();

        await ThrowAllAsync(400);

        Assert.InRange(LiveBytes() - before, long.MinValue, 8 * 1024 * 1024);
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
