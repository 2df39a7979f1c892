using ClipiaFlows.LocalRuntime.Durable;
using ClipiaFlows.LocalRuntime.Durable.Storage;
using ClipiaFlows.LocalRuntime.Tests.Support;
using Microsoft.Data.Sqlite;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

public sealed class StoreTests
{
    [Fact]
    public async Task Start_StateIsInUse_IsRefusedWithAReason()
    {
        await using var engine = await new EngineHarness().StartAsync();
        await using var second = new DurableEngine(
            new DurableEngineOptions { DatabasePath = engine.DatabasePath }, TimeProvider.System, new CollectingLogs());

        var refused = await Assert.ThrowsAsync<DurableStoreException>(() => second.StartAsync(CancellationToken.None));

        Assert.Contains("in use by another process", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_FileIsNoDatabase_IsRefusedWithAReason()
    {
        await using var engine = new EngineHarness();
        await File.WriteAllTextAsync(engine.DatabasePath, new string('x', 10_000));

        var refused = await Assert.ThrowsAsync<DurableStoreException>(() => engine.StartAsync());

        Assert.Contains("damaged", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_FileOfANewerVersion_IsRefusedWithAReason()
    {
        await using var engine = new EngineHarness();
        using (var connection = new SqliteConnection($"Data Source={engine.DatabasePath};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 999";
            command.ExecuteNonQuery();
        }

        var refused = await Assert.ThrowsAsync<DurableStoreException>(() => engine.StartAsync());

        Assert.Contains("format 999", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Histories hold addresses with tokens in them.</summary>
    [Fact]
    public void Open_StateThatOthersCanRead_IsForItsOwnerAfterwards()
    {
        if (OperatingSystem.IsWindows())
            return;
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "new", "durable.db");
        DurableStore.Open(path, fullSync: true, TimeProvider.System).Dispose();
        Assert.Equal(owner | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        Assert.Equal(owner, File.GetUnixFileMode(path));
        File.SetUnixFileMode(path, owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        using var store = DurableStore.Open(path, fullSync: true, TimeProvider.System);

        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(path)!, "durable.db*").Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
            Assert.Equal((file, owner), (file, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task WriteAsync_OneChangeFails_TheOthersOfTheSameCommitHold()
    {
        using var folder = new TemporaryFolder();
        using var store = DurableStore.Open(Path.Combine(folder.Path, "durable.db"), fullSync: true, TimeProvider.System);

        var writes = Enumerable.Range(0, 50)
            .Select(i => store.WriteAsync(session =>
            {
                var key = session.Insert(new($"i{i}", "any", "", null, null), StartState.Waiting);
                return i == 25 ? throw new InvalidDataException("this one") : key;
            }))
            .ToArray();
        await Assert.ThrowsAsync<InvalidDataException>(() => Task.WhenAll(writes));

        Assert.Equal(49, writes.Count(write => write.IsCompletedSuccessfully));
        Assert.Equal(49, store.Read(session => new InstanceQuery(session).Heads(100)).Count);
    }
}
