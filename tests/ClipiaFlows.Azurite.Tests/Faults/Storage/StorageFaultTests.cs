using System.Diagnostics;
using Xunit.Abstractions;

namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>
/// Campaigns over a storage that misbehaves: each ends as an undisturbed one does, every payment is right, and it is asked no
/// more often than the fault makes necessary.
/// </summary>
public sealed class StorageFaultTests(StorageFaultStage ground, ITestOutputHelper output) : IClassFixture<StorageFaultStage>
{
    // Azure.Storage.Blobs tries a request six times, Azure.Data.Tables four.
    private const int MostTries = 6;

    [Fact]
    public Task Busy_ATenthOfAllRequests_EndsRight() => RunAsync(SomeOf(StorageFate.Busy, _ => true, 0.1));

    [Fact]
    public Task Error_ATenthOfAllRequests_EndsRight() => RunAsync(SomeOf(StorageFate.Error, _ => true, 0.1));

    [Fact]
    public Task AnswerLost_AFifthOfAllWrites_EndsRight() => RunAsync(SomeOf(StorageFate.AnswerLost, call => !call.IsRead, 0.2));

    [Fact]
    public Task AnswerLost_EveryFirstAnswerToAWriteOfRows_EndsRight() => RunAsync(EveryOther());

    [Fact]
    public Task DoneButError_AFifthOfAllWrites_EndsRight() => RunAsync(SomeOf(StorageFate.DoneButError, call => !call.IsRead, 0.2));

    [Fact]
    public Task DoneTwice_EveryWriteOfRows_EndsRightThoughEachIsAConflictWithItself() =>
        RunAsync(call => call is { Service: "table", IsRead: false } ? StorageFate.DoneTwice : StorageFate.Served);

    [Fact]
    public Task DoneTwice_EveryWriteOfABlob_EndsRight() =>
        RunAsync(call => call is { Service: "blob", IsRead: false } ? StorageFate.DoneTwice : StorageFate.Served);

    [Fact]
    public Task Slow_ATenthOfTheReads_EndsRight() => RunAsync(SomeOf(StorageFate.Slow, call => call.IsRead, 0.1));

    [Fact]
    public Task Busy_ThePartitionOfTheBatchIsThrottled_EndsRight() => RunAsync(Throttled(perSecond: 20));

    [Fact]
    public Task Busy_EverythingForTenSeconds_EndsRight() => RunAsync(Outage(after: 60, TimeSpan.FromSeconds(10)));

    private async Task RunAsync(Func<StorageCall, StorageFate> decide, [System.Runtime.CompilerServices.CallerMemberName] string name = "")
    {
        ground.Storage.Reset();
        ground.Storage.Decide = decide;
        var watch = Stopwatch.StartNew();
        // Batch ids have 40 characters.
        var (calls, audit) = await ground.RunAsync($"s-{Guid.NewGuid():N}");
        var storage = ground.Storage;
        output.WriteLine(
            $"{name}: {watch.Elapsed.TotalSeconds:0.0} s, {storage.Requests} requests to storage ({ground.Requests} undisturbed), {storage.Struck} struck, " +
            $"{storage.Retries} sent again, one at most {storage.MostTries} times; {calls} calls to the API ({ground.Calls})");
        storage.Reset();

        Assert.Empty(audit.Wrong);
        Assert.Equal(ground.Outcome, audit.Outcome);
        Assert.InRange(storage.MostTries, 0, MostTries);
        Assert.True(calls <= 2 * ground.Calls, $"{calls} calls to the API, and {ground.Calls} undisturbed.");
    }

    private static Func<StorageCall, StorageFate> SomeOf(StorageFate fate, Func<StorageCall, bool> which, double share)
    {
        // Repeatable as far as the order of requests is.
        var random = new Random(7);
        return call =>
        {
            lock (random)
                return which(call) && random.NextDouble() < share ? fate : StorageFate.Served;
        };
    }

    private static Func<StorageCall, StorageFate> EveryOther()
    {
        var count = 0;
        return call => call is { Service: "table", IsRead: false } && Interlocked.Increment(ref count) % 2 == 1 ? StorageFate.AnswerLost : StorageFate.Served;
    }

    private static Func<StorageCall, StorageFate> Throttled(int perSecond)
    {
        var gate = new Lock();
        var (second, count) = (0L, 0);
        return call =>
        {
            if (call.Partition?.StartsWith("s-", StringComparison.Ordinal) is not true)
                return StorageFate.Served;
            lock (gate)
            {
                var now = Stopwatch.GetTimestamp() / Stopwatch.Frequency;
                (second, count) = now == second ? (second, count + 1) : (now, 1);
                return count > perSecond ? StorageFate.Busy : StorageFate.Served;
            }
        };
    }

    private static Func<StorageCall, StorageFate> Outage(int after, TimeSpan length)
    {
        var count = 0;
        var since = 0L;
        return _ =>
        {
            if (Interlocked.Increment(ref count) < after)
                return StorageFate.Served;
            Interlocked.CompareExchange(ref since, Stopwatch.GetTimestamp(), 0);
            return Stopwatch.GetElapsedTime(since) < length ? StorageFate.Busy : StorageFate.Served;
        };
    }
}
