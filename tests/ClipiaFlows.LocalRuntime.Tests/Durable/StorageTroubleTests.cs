using System.Diagnostics;
using ClipiaFlows.LocalRuntime.Durable.Storage;
using ClipiaFlows.LocalRuntime.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

/// <summary>A full disk, a foreign lock, a damaged file: a clear error, nothing lost, and on it goes when it is over.</summary>
public sealed class StorageTroubleTests
{
    private static readonly string Ballast = new('x', 200_000);

    [Fact]
    public async Task Disk_IsFullForAWhile_RefusesWorkThenGoesOnWithAllThatItHad()
    {
        var runs = 0;
        await using var engine = WithWork(() => Interlocked.Increment(ref runs));
        await engine.StartAsync();
        await StartWaitingAsync(engine, "w1");
        await LimitAsync(engine, pages: 1);

        await AssertRefusedAsync(engine, "the disk is full");
        await engine.Client.RaiseEventAsync("w1", "go");
        await Eventually.Holds(() => engine.Logs.Lines.Any(line => line.Contains("could not be stored", StringComparison.Ordinal)));
        await LimitAsync(engine, pages: 1_000_000);

        await AssertEndsAsync(engine, "w1");
        Assert.Equal(1, runs);
    }

    [FactWithOwnFileSystem]
    public async Task Disk_ASmallFileSystemIsFull_RefusesWorkThenGoesOn()
    {
        using var disk = new SmallFileSystem(megabytes: 2);
        await using var engine = WithWork(() => 1, Path.Combine(disk.Path, "durable.db"));
        await engine.StartAsync();
        await StartWaitingAsync(engine, "w1");
        disk.Fill();

        await AssertRefusedAsync(engine, "the disk");
        disk.Empty();

        await engine.Client.RaiseEventAsync("w1", "go");
        await AssertEndsAsync(engine, "w1");
        await engine.RestartAsync();
        Assert.Equal(2, (await engine.GetAsync("w1")).ReadOutputAs<int[]>()!.Length);
    }

    [Fact]
    public async Task File_IsLockedByAnotherProgram_RefusesWorkThenGoesOn()
    {
        await using var engine = WithWork(() => 1);
        await engine.StartAsync();
        await StartWaitingAsync(engine, "w1");
        await engine.Store.WriteAsync(session => session.Connection.DefaultTimeout = 1);
        using (var other = new SqliteConnection($"Data Source={engine.DatabasePath};Pooling=False"))
        {
            other.Open();
            using var transaction = other.BeginTransaction();

            var refusals = Enumerable.Range(0, 20).Select(_ => AssertRefusedAsync(engine, "another program holds a lock"));
            var clock = Stopwatch.StartNew();
            await Task.WhenAll(refusals);

            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(15), "They waited one after the other.");
        }

        await engine.Client.RaiseEventAsync("w1", "go");
        await AssertEndsAsync(engine, "w1");
    }

    [Fact]
    public async Task Start_FileIsDamagedInTheMiddle_IsRefusedWithAReason()
    {
        await using var engine = WithWork(() => 1);
        await engine.StartAsync();
        for (var i = 0; i < 5; i++) await StartWaitingAsync(engine, "w" + i);
        await engine.StopAsync();
        using (var file = File.OpenWrite(engine.DatabasePath))
        {
            file.Position = 4096;
            file.Write(Enumerable.Repeat((byte)0xAB, (int)file.Length - 4096).ToArray());
        }

        var refused = await Assert.ThrowsAsync<DurableStoreException>(() => engine.StartAsync());

        Assert.Contains("damaged", refused.Message, StringComparison.Ordinal);
        Assert.Contains(engine.DatabasePath, refused.Message, StringComparison.Ordinal);
    }

    // An instance that waits, then runs an activity with a result that needs room.
    private static EngineHarness WithWork(Func<int> work, string? path = null) =>
        new EngineHarness(options => options.DatabasePath = path ?? options.DatabasePath)
            .Activity("work", _ => work())
            .Orchestrator("any", _ => Task.FromResult<object?>(null))
            .Orchestrator("work", async context =>
            {
                context.SetCustomStatus("waiting");
                await context.WaitForExternalEvent<object?>("go");
                context.SetCustomStatus(new string('s', 8_000));
                return new[] { await context.CallActivityAsync<int>("work"), 0 };
            });

    private static async Task StartWaitingAsync(EngineHarness engine, string id)
    {
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("work", null, new StartOrchestrationOptions(id));
        await engine.UntilStatusAsync(id, "waiting");
    }

    private static async Task AssertRefusedAsync(EngineHarness engine, string reason)
    {
        var refused = await Assert.ThrowsAsync<DurableStoreException>(
            () => engine.Client.ScheduleNewOrchestrationInstanceAsync("any", Ballast));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    private static async Task AssertEndsAsync(EngineHarness engine, string id) =>
        Assert.Equal(2, (await engine.EndOfAsync(id)).ReadOutputAs<int[]>()!.Length);

    // SQLite itself answers then as on a full disk; it cannot be set below what is used.
    private static Task<object?> LimitAsync(EngineHarness engine, int pages) => engine.Store.WriteAsync(session =>
    {
        using var command = session.Connection.CreateCommand();
        command.CommandText = $"PRAGMA max_page_count = {pages}";
        return command.ExecuteScalar();
    });
}
