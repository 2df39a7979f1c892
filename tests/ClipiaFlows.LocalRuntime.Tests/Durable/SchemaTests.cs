using ClipiaFlows.LocalRuntime.Durable.Storage;
using ClipiaFlows.LocalRuntime.Tests.Support;
using Microsoft.Data.Sqlite;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

public sealed class SchemaTests
{
    [Fact]
    public void Steps_Applied_GiveTheSchemasThatTheirChecksumsName()
    {
        using var connection = InMemory();
        foreach (var step in SchemaSteps.All)
        {
            Run(connection, step.Sql);

            Assert.Equal(step.Checksum, Schema.ChecksumOf(connection));
        }
    }

    [Fact]
    public async Task Bring_FileOfAnOlderVersion_IsMigratedWithAllThatItHolds()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("wait", async context => await context.WaitForExternalEvent<string>("go"));
        await engine.StartAsync();
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("wait", null, new Microsoft.DurableTask.StartOrchestrationOptions("i1"));
        await engine.StopAsync();

        using (var connection = Open(engine.DatabasePath))
        {
            Next().Bring(connection, engine.DatabasePath);

            Assert.Equal((long)SchemaSteps.All.Count + 1, Scalar(connection, "PRAGMA user_version"));
            Assert.Equal("i1 new", Scalar(connection, "SELECT id || ' ' || colour FROM instances"));
            Next().Bring(connection, engine.DatabasePath);
        }

        // This program is the older one now.
        var refused = await Assert.ThrowsAsync<DurableStoreException>(() => engine.StartAsync());
        Assert.Contains($"has format {SchemaSteps.All.Count + 1}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bring_StepFails_LeavesTheFileAsItWas()
    {
        using var connection = InMemory();
        Schema.Today.Bring(connection, "state");

        Assert.Throws<SqliteException>(() => new Schema([.. SchemaSteps.All, new("CREATE TABLE half(a); CREATE TABLE half(a);", "")]).Bring(connection, "state"));
        Run(connection, "ROLLBACK");

        Assert.Equal(SchemaSteps.All[^1].Checksum, Schema.ChecksumOf(connection));
        Assert.Equal((long)SchemaSteps.All.Count, Scalar(connection, "PRAGMA user_version"));
    }

    [Theory]
    [InlineData("DROP INDEX instances_ready")]
    [InlineData("ALTER TABLE inbox ADD COLUMN note TEXT")]
    [InlineData("CREATE TRIGGER sly AFTER INSERT ON inbox BEGIN DELETE FROM timers; END")]
    public async Task Start_SomebodyChangedTheTables_IsRefusedWithAReason(string change)
    {
        await using var engine = await new EngineHarness().StartAsync();
        await engine.StopAsync();
        engine.Sql(change);

        var refused = await Assert.ThrowsAsync<DurableStoreException>(() => engine.StartAsync());

        Assert.Contains("somebody changed them", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_FileOfAnotherProgram_IsRefusedAndLeftAlone()
    {
        await using var engine = new EngineHarness();
        engine.Sql("CREATE TABLE recipes(name TEXT)");

        var refused = await Assert.ThrowsAsync<DurableStoreException>(() => engine.StartAsync());

        Assert.Contains("another program", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1L, engine.Sql("SELECT count(*) FROM sqlite_schema"));
    }

    private static Schema Next()
    {
        using var connection = InMemory();
        const string Step = "ALTER TABLE instances ADD COLUMN colour TEXT NOT NULL DEFAULT 'new';";
        foreach (var step in SchemaSteps.All) Run(connection, step.Sql);
        Run(connection, Step);
        return new([.. SchemaSteps.All, new(Step, Schema.ChecksumOf(connection))]);
    }

    private static SqliteConnection InMemory() => Open(":memory:");

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Run(SqliteConnection connection, string sql) => Scalar(connection, sql);

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of the tests and of the product.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
