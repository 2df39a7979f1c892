using ClipiaFlows.LocalRuntime.Durable;
using ClipiaFlows.LocalRuntime.Durable.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Protobuf;

namespace ClipiaFlows.LocalRuntime.Tests.Support;

/// <summary>A real engine on a real file, in virtual time, that can be stopped and started again.</summary>
internal sealed class EngineHarness : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly List<Action<DurableEngine>> _registrations = [];
    private readonly Action<DurableEngineOptions>? _configure;
    private DurableEngine? _engine;
    private TaskHubServer? _server;

    public EngineHarness(Action<DurableEngineOptions>? configure = null)
    {
        _configure = configure;
    }

    public VirtualTime Time { get; } = new();

    public CollectingLogs Logs { get; } = new();

    public string DatabasePath => Path.Combine(_folder.Path, "durable.db");

    public DurableTaskClient Client => _server?.Client ?? _engine!.Client;

    /// <summary>The calls below <see cref="Client"/>, where it is <see cref="OverGrpcAttribute">over gRPC</see>.</summary>
    public TaskHubSidecarService.TaskHubSidecarServiceClient Rpc => _server!.Calls;

    public DurableStore Store => _engine!.Store;

    public EngineHarness Orchestrator(string name, Func<TaskOrchestrationContext, Task<object?>> run)
    {
        _registrations.Add(engine => engine.AddOrchestrator(name, run));
        return this;
    }

    public EngineHarness Activity(string name, Func<string?, object?> run) =>
        ActivityAsync(name, (call, _) => Task.FromResult(run(call.SerializedInput)));

    public EngineHarness ActivityAsync(string name, Func<ActivityCall, CancellationToken, Task<object?>> run)
    {
        _registrations.Add(engine => engine.AddActivity(name, run));
        return this;
    }

    public void ForgetRegistrations() => _registrations.Clear();

    public async Task<EngineHarness> StartAsync()
    {
        var options = new DurableEngineOptions { DatabasePath = DatabasePath, AlwaysReplay = AlwaysReplayAttribute.IsOn };
        _configure?.Invoke(options);
        _engine = new(options, Time, Logs);
        foreach (var register in _registrations) register(_engine);
        await _engine.StartAsync(CancellationToken.None);
        if (OverGrpcAttribute.IsOn)
            _server ??= await TaskHubServer.StartAsync(() => _engine.SerializedClient);
        return this;
    }

    public async Task StopAsync()
    {
        if (_engine is not null) await _engine.DisposeAsync();
    }

    /// <summary>Waits for running activities.</summary>
    public Task StopGentlyAsync() => _engine!.StopAsync(CancellationToken.None);

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Starts an instance and waits for its end, moving the clock on whenever something is due.</summary>
    public async Task<OrchestrationMetadata> RunAsync(string orchestrator, object? input = null, string? instanceId = null)
    {
        var options = instanceId is null ? null : new StartOrchestrationOptions(instanceId);
        return await EndOfAsync(await Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, options));
    }

    /// <summary>Waits for the end of an instance, moving the clock on whenever something is due.</summary>
    public async Task<OrchestrationMetadata> EndOfAsync(string instanceId)
    {
        var end = Client.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: true);
        var deadline = DateTime.UtcNow + Patience;
        while (await Task.WhenAny(end, Task.Delay(20)) != end)
        {
            Assert.True(DateTime.UtcNow < deadline, $"'{instanceId}' did not end in time.");
            if (Time.NextDue is { } due) Time.AdvanceTo(due);
        }

        return await end;
    }

    public async Task<OrchestrationMetadata> GetAsync(string instanceId) =>
        (await Client.GetInstanceAsync(instanceId, getInputsAndOutputs: true))!;

    public async Task<OrchestrationMetadata> UntilAsync(string instanceId, Func<OrchestrationMetadata, bool> holds)
    {
        OrchestrationMetadata? found = null;
        await Eventually.Async(async () => (found = await GetAsync(instanceId)) is not null && holds(found));
        return found!;
    }

    public Task UntilStatusAsync(string instanceId, string customStatus) =>
        UntilAsync(instanceId, found => found.SerializedCustomStatus == $"\"{customStatus}\"");

    /// <summary>Reads or changes the file behind the engine's back.</summary>
    /// <returns>The first value found.</returns>
    public object? Sql(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of the tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        await StopAsync();
        _folder.Dispose();
    }
}
