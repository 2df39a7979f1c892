using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace Clipia.Benchmarks;

/// <summary>Many clients submit under shared and own keys, and read. Nothing may be bought twice and the ledger must add up.</summary>
internal static class MixedLoad
{
    private const int SharedKeys = 500;

    public static async Task<bool> RunAsync(int clients, int calls)
    {
        await using var target = await Target.StartAsync();
        var requests = new ConcurrentDictionary<string, ConcurrentDictionary<string, bool>>();
        var statuses = new ConcurrentDictionary<int, int>();
        var next = 0;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            var random = new Random(client);
            for (var call = Interlocked.Increment(ref next); call <= calls; call = Interlocked.Increment(ref next))
                statuses.AddOrUpdate(await CallAsync(target, requests, random, call), 1, (_, count) => count + 1);
        })));
        var seconds = watch.Elapsed.TotalSeconds;

        var ledger = await target.LedgerAsync();
        var bought = ledger.GetProperty("entries").GetArrayLength();
        var keys = requests.Count(key => !key.Value.IsEmpty);
        var doubles = requests.Count(key => key.Value.Count > 1) + Math.Abs(bought - keys);
        var faults = statuses.Where(status => status.Key >= 500).Sum(status => status.Value);
        var gap = Sum(ledger, "balance") + Sum(ledger, "reserved") + Sum(ledger, "charged") - Sum(ledger, "granted");
        var texts = string.Join(", ", statuses.OrderBy(status => status.Key).Select(status => $"{status.Key}: {status.Value}"));
        Console.WriteLine($"| {calls} mixed calls of {clients} clients | {seconds:0.0} s ({texts}) | no 5xx |");
        Console.WriteLine($"| generations bought twice, of {keys} keys | {doubles} | 0 |");
        Console.WriteLine($"| balance + reserved + charged - granted | {gap} | 0 |");
        return doubles == 0 && faults == 0 && gap == 0;
    }

    /// <summary>Half submit under shared keys, some of them with another body; a quarter under own keys; a quarter read.</summary>
    private static async Task<int> CallAsync(
        Target target, ConcurrentDictionary<string, ConcurrentDictionary<string, bool>> requests, Random random, int call)
    {
        var kind = random.Next(8);
        if (kind >= 6)
            return await target.GetAsync(kind == 6 ? "/v1/account" : "/v1/models/kling-3");
        var key = kind < 4 ? $"shared-{random.Next(SharedKeys)}" : $"own-{call}";
        var (status, id) = await target.SubmitAsync(key, kind == 3 ? "another" : key);
        if (id is not null)
            requests.GetOrAdd(key, _ => new())[id] = true;
        return status;
    }

    private static long Sum(JsonElement ledger, string field) => ledger.GetProperty(field).GetInt64();
}
