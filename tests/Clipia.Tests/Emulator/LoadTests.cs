using System.Collections.Concurrent;

namespace Clipia.Tests.Emulator;

public sealed class LoadTests
{
    private const int Clients = 64;
    private const int Calls = 20_000;
    private const int SharedKeys = 500;
    private const int Price = 3;

    /// <summary>
    /// Half of the calls submit under shared keys, some with another body; a quarter under keys of their own; the rest read.
    /// </summary>
    [Fact]
    public async Task Calls_TwentyThousandOfSixtyFourClients_BuyEachKeyOnce()
    {
        await using var emulator = await EmulatorFixture.StartAsync(rpm: 1_000_000);
        var bought = new ConcurrentDictionary<string, ConcurrentDictionary<string, bool>>();
        var statuses = new ConcurrentDictionary<int, int>();
        var next = 0;

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            using var caller = new Caller(emulator.Api.BaseUrl, emulator.Api.LiveKey);
            var random = new Random(client);
            for (var call = Interlocked.Increment(ref next); call <= Calls; call = Interlocked.Increment(ref next))
                statuses.AddOrUpdate(await CallAsync(caller, random, call), 1, (_, count) => count + 1);
        })));

        Assert.Equal(Calls, statuses.Values.Sum());
        Assert.Equal([200, 409], statuses.Keys.Order());
        Assert.All(bought, key => Assert.Single(key.Value));
        var ledger = await emulator.Local.GetAsync("/_local/ledger");
        Assert.Equal(bought.Count, ledger.Body.GetProperty("entries").GetArrayLength());
        Assert.Equal(Price * bought.Count, ledger.Number("reserved"));
        Assert.Equal(100_000, ledger.Number("balance") + ledger.Number("reserved") + ledger.Number("charged"));

        emulator.Time.Advance(60);
        ledger = await emulator.Local.GetAsync("/_local/ledger");
        Assert.Equal((0, Price * bought.Count), (ledger.Number("reserved"), ledger.Number("charged")));

        async Task<int> CallAsync(Caller caller, Random random, int call)
        {
            var kind = random.Next(8);
            if (kind >= 6)
                return (await caller.GetAsync(kind == 6 ? "/v1/account" : "/v1/models/kling-3")).Status;
            var key = kind < 4 ? $"shared-{random.Next(SharedKeys)}" : $"own-{call}";
            var answer = await caller.SubmitAsync("flux-2-pro", $$"""{"prompt":"{{(kind == 3 ? "another" : "a")}}"}""", null, key);
            if (answer.Status == 200)
                bought.GetOrAdd(key, _ => new())[answer.Id] = true;
            return answer.Status;
        }
    }
}
