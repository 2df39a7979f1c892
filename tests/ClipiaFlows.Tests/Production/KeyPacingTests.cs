using ClipiaFlows.LocalRuntime.Tests.Support;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;
using Clipia;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Tests.Production;

/// <summary>The pace of a key as it is stored: several processes, lost answers, many batches.</summary>
public sealed class KeyPacingTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly VirtualTime _time = new();
    private readonly CountedReads _keys = new(new InMemoryRowStore());
    private readonly List<KeyPacing> _processes = [];

    public void Dispose()
    {
        foreach (var process in _processes)
            process.Dispose();
    }

    [Fact]
    public async Task Hold_TwoProcessesInTurn_KnowOfEachOther()
    {
        var (one, other) = (NewProcess(slots: 4), NewProcess(slots: 4));

        Assert.Equal(3, (await one.HoldAsync("a", new(0, 3, 1), None)).Turns.Count);
        Assert.Single((await other.HoldAsync("b", new(0, 3, 1), None)).Turns);
        Assert.Empty((await one.HoldAsync("c", new(0, 1, 1), None)).Turns);
        Assert.Equal(["b", "c"], (await other.HoldAsync("a", default, None)).OthersTurn);
        Assert.Single((await one.HoldAsync("c", new(0, 1, 1), None)).Turns);

        var (line, _) = await other.LineAsync(None);
        Assert.Equal([("b", 1), ("c", 1)], line.Holders.Select(holder => (holder.Key, holder.Value.Held)));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public async Task Hold_ProcessesAtRandom_NeverGrantMoreThanThereAre(int seed)
    {
        const int slots = 5;
        var random = new Random(seed);
        var processes = new[] { NewProcess(slots), NewProcess(slots), NewProcess(slots) };
        var used = new int[40];
        for (var round = 0; round < 3000; round++)
        {
            // Some know nothing yet, and some nothing for long.
            if (random.Next(300) == 0)
                processes[random.Next(3)] = NewProcess(slots);
            var (process, batch) = (processes[random.Next(2 + (round / 100 % 2))], random.Next(used.Length));
            used[batch] = Math.Max(0, used[batch] - random.Next(2));
            used[batch] += (await process.HoldAsync($"batch-{batch}", new(used[batch], random.Next(3), 1), None)).Turns.Count;
            Assert.True(used.Sum() <= slots, $"{used.Sum()} of {slots} slots are used.");
        }

        var (line, _) = await NewProcess(slots).LineAsync(None);
        Assert.Equal(used.Sum(), line.Held);
        Assert.Equal(
            Enumerable.Range(0, used.Length).Where(batch => used[batch] > 0).Select(batch => ($"batch-{batch}", used[batch])).OrderBy(one => one.Item1, StringComparer.Ordinal),
            line.Holders.Select(holder => (holder.Key, holder.Value.Held)));
    }

    [Fact]
    public async Task Hold_TenThousandWait_ReadsAndWritesNothingForThem()
    {
        var pacing = NewProcess(slots: 1);
        await pacing.HoldAsync("first", new(0, 1, 1), None);
        for (var n = 0; n < 10_000; n++)
            Assert.Empty((await pacing.HoldAsync($"batch-{n:D5}", new(0, 1, 1), None)).Turns);
        _keys.Reset();

        var next = await pacing.HoldAsync("first", default, None);
        var granted = await pacing.HoldAsync("batch-00000", new(0, 1, 1), None);

        Assert.Equal(["batch-00000"], next.OthersTurn);
        Assert.Single(granted.Turns);
        Assert.Equal((0, 2), (_keys.Reads, _keys.Commits));
    }

    [Fact]
    public async Task Hold_AsksAgainWhileItWaits_WritesNothing()
    {
        var pacing = NewProcess(slots: 1);
        await pacing.HoldAsync("first", new(0, 1, 1), None);
        await pacing.HoldAsync("second", new(0, 1, 1), None);
        _keys.Reset();

        _time.Advance(TimeSpan.FromSeconds(30));
        await pacing.HoldAsync("second", new(0, 1, 1), None);

        Assert.Equal(0, _keys.Commits);
    }

    [Fact]
    public async Task Hold_RowOfABatchDeletedByHand_ComesToAnEnd()
    {
        var pacing = NewProcess(slots: 1);
        await pacing.HoldAsync("first", new(0, 1, 1), None);
        await foreach (var row in _keys.RangeAsync<SlotRow>((await KeyAsync()).PartitionKey, SlotRow.First, SlotRow.End, null, None))
        {
            var changes = new RowChanges();
            changes.Delete(row);
            Assert.True(await _keys.CommitAsync(changes, None));
        }

        await pacing.HoldAsync("first", default, None).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Single((await pacing.HoldAsync("second", new(0, 1, 1), None)).Turns);
    }

    [Fact]
    public async Task Hold_ManyBatchesLapseAtOnce_FitsIntoTransactions()
    {
        var pacing = NewProcess(slots: 500);
        for (var n = 0; n < 500; n++)
            await pacing.HoldAsync($"batch-{n}", new(0, 1, 1), None);
        _time.Advance(TimeSpan.FromMinutes(6));

        var granted = 0;
        for (var tries = 0; tries < 8; tries++)
            granted += (await pacing.HoldAsync("busy", new(granted, 22, 1), None)).Turns.Count;

        Assert.Equal(8 * 22, granted);
    }

    private async Task<KeyPaceRow> KeyAsync()
    {
        var fingerprint = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("key"u8))[..16];
        return (await _keys.FindAsync<KeyPaceRow>(fingerprint, KeyPaceRow.Key, None))!;
    }

    private KeyPacing NewProcess(int slots)
    {
        var pacing = new KeyPacing(
            new Tables(new InMemoryRowStore(), new InMemoryRowStore(), _keys), Options.Create(new PacingOptions { Concurrency = slots, RequestsPerMinute = 100_000 }),
            Options.Create(new ClipiaClientOptions { ApiKey = "key" }), _time);
        _processes.Add(pacing);
        return pacing;
    }
}
