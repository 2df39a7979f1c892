using System.Diagnostics;

namespace Clipia.Tests.Emulator;

/// <summary>At every moment: balance + reserved + charged = granted, and the entries say the same as the sums.</summary>
public sealed class LedgerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clipia-ledger-").FullName;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Ledger_AfterEachOfManyRandomSteps_AddsUp(int seed)
    {
        var random = new Random(seed);
        var time = new VirtualTime();
        var emulator = await EmulatorFixture.StartAsync(_folder, time, concurrency: 20, credits: 900);
        try
        {
            await emulator.Local.PostAsync("/_local/scenarios", $$"""{"effect":"fail","probability":0.2,"seed":{{seed}}}""");
            await emulator.Local.PostAsync("/_local/scenarios", $$"""{"effect":"cancel","probability":0.1,"seed":{{seed}}}""");
            for (var step = 0; step < 250; step++)
            {
                emulator = await StepAsync(emulator, time, random);
                await AssertAddsUpAsync(emulator.Local);
            }
            emulator.Time.Advance(60);
            await AssertAddsUpAsync(emulator.Local);
            Assert.Equal(0, (await emulator.Local.GetAsync("/_local/ledger")).Number("reserved"));
        }
        finally
        {
            await emulator.DisposeAsync();
        }
    }

    /// <summary>Killed at random moments under load: what was answered is there, nothing twice, and the sums hold.</summary>
    [Fact]
    public async Task Ledger_AfterEachKillUnderLoad_AddsUp()
    {
        var answered = new Dictionary<string, string>();
        for (var round = 0; round < 3; round++)
        {
            using var process = EmulatorProcess.Start(_folder, seconds: 0.2);
            using var caller = new Caller(await process.AddressAsync(), EmulatorProcess.LiveKey);
            await AssertAddsUpAsync(caller);
            foreach (var (key, id) in answered)
                Assert.Equal(id, (await caller.SubmitAsync("flux-2-pro", """{"prompt":"a"}""", null, key)).Id);
            await caller.PostAsync("/_local/scenarios", """{"effect":"fail","every":3}""");

            var killAfter = TimeSpan.FromMilliseconds(300 + 250 * round);
            var watch = Stopwatch.StartNew();
            var load = Enumerable.Range(0, 8).Select(worker => SubmitUntilKilledAsync(caller, $"{round}-{worker}", answered)).ToArray();
            await Task.Delay(killAfter - watch.Elapsed > TimeSpan.Zero ? killAfter - watch.Elapsed : TimeSpan.Zero);
            process.Kill();
            await Task.WhenAll(load);
        }
        Assert.NotEmpty(answered);

        using var last = EmulatorProcess.Start(_folder, seconds: 0.2);
        using var reader = new Caller(await last.AddressAsync(), EmulatorProcess.LiveKey);
        await EmulatorFixture.EventuallyAsync(async () => (await reader.GetAsync("/_local/ledger")).Number("reserved") == 0);
        await AssertAddsUpAsync(reader);
        var ledger = await reader.GetAsync("/_local/ledger");
        Assert.True(ledger.Number("refunded") > 0);
        var keys = ledger.Body.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("idempotency_key").GetString()!).ToList();
        Assert.Equal(keys.Count, keys.Distinct().Count());
        Assert.Subset(keys.ToHashSet(), answered.Keys.ToHashSet());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<EmulatorFixture> StepAsync(EmulatorFixture emulator, VirtualTime time, Random random)
    {
        string[] models = ["nano-banana-2", "flux-2-pro", "sora-2", "kling-3", "none"];
        switch (random.Next(12))
        {
            case < 6:
                var prompt = random.Next(8) == 0 ? "" : "a";
                await emulator.Live.SubmitAsync(models[random.Next(models.Length)], $$"""{"prompt":"{{prompt}}"}""", null, $"key-{random.Next(60)}");
                break;
            case 6:
                await emulator.Test.SubmitAsync("sora-2", """{"prompt":"a"}""");
                break;
            case 7:
                await emulator.Local.PostAsync("/_local/credits", $$"""{"credits":{{random.Next(-20, 60)}}}""");
                break;
            case 8:
                var requests = (await emulator.Local.GetAsync("/_local/requests")).Body.GetProperty("requests");
                if (requests.GetArrayLength() > 0)
                    await emulator.Local.PostAsync($"/_local/requests/{requests[random.Next(requests.GetArrayLength())].GetProperty("request_id").GetString()}/cancel", "{}");
                break;
            case 9 when random.Next(4) == 0:
                await emulator.DisposeAsync();
                return await EmulatorFixture.StartAsync(_folder, time, concurrency: 20, credits: 900);
            default:
                time.Advance(random.NextDouble() * 8);
                break;
        }
        return emulator;
    }

    private static async Task SubmitUntilKilledAsync(Caller caller, string worker, Dictionary<string, string> answered)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                var key = $"{worker}-{i}";
                var id = (await caller.SubmitAsync("flux-2-pro", """{"prompt":"a"}""", null, key)).Id;
                lock (answered)
                    answered[key] = id;
            }
        }
        catch (HttpRequestException)
        {
            // Killed.
        }
    }

    private static async Task AssertAddsUpAsync(Caller local)
    {
        var ledger = await local.GetAsync("/_local/ledger");
        Assert.Equal(ledger.Number("granted"), ledger.Number("balance") + ledger.Number("reserved") + ledger.Number("charged"));
        foreach (var state in new[] { "reserved", "charged", "refunded" })
        {
            var entries = ledger.Body.GetProperty("entries").EnumerateArray().Where(entry => entry.GetProperty("state").GetString() == state);
            Assert.Equal(ledger.Number(state), entries.Sum(entry => entry.GetProperty("cost").GetInt32()));
        }
    }
}
