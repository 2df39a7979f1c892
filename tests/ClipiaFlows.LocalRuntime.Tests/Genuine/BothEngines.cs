using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ClipiaFlows.LocalRuntime.Durable;
using ClipiaFlows.LocalRuntime.Tests.Support;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClipiaFlows.LocalRuntime.Tests.Genuine;

/// <summary>The local engine and the genuine in-memory one, with the functions of every scenario, in real time.</summary>
public sealed class BothEngines : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, int> _calls = new();
    private readonly Dictionary<string, Task<string[]>> _outcomes = [];
    private DurableEngine? _local;
    private DurableTaskTestHost? _genuine;

    public async Task InitializeAsync()
    {
        var options = new DurableEngineOptions { DatabasePath = Path.Combine(_folder.Path, "durable.db"), AlwaysReplay = AlwaysReplayAttribute.IsOn };
        _local = new(options, TimeProvider.System, NullLoggerFactory.Instance);
        foreach (var scenario in Scenarios.All)
        {
            foreach (var (name, run) in scenario.Orchestrators) _local.AddOrchestrator(name, run);
            foreach (var (name, run) in scenario.Activities)
                _local.AddActivity(name, (call, _) => Task.FromResult(run(call.InstanceId, Count(call.InstanceId, name))));
        }

        await _local.StartAsync(CancellationToken.None);
        _genuine = await DurableTaskTestHost.StartAsync(Register, new() { Port = FreePort() });

        // All at once: the genuine client asks for the end of an instance only now and then.
        foreach (var scenario in Scenarios.All)
            _outcomes[scenario.Name] = Task.WhenAll(OutcomeAsync(_genuine.Client, scenario), OutcomeAsync(_local.Client, scenario));
    }

    public async Task DisposeAsync()
    {
        if (_genuine is not null) await _genuine.DisposeAsync();
        if (_local is not null) await _local.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>What came out: of the genuine engine, then of the local one.</summary>
    internal Task<string[]> OutcomesAsync(string scenario) => _outcomes[scenario];

    // In one text that does not tell the engine.
    private static async Task<string> OutcomeAsync(DurableTaskClient client, Scenario scenario)
    {
        var id = Guid.NewGuid().ToString("N");
        await client.ScheduleNewOrchestrationInstanceAsync(scenario.Name, scenario.Input, new StartOrchestrationOptions(id));
        await scenario.Play(client, id).WaitAsync(Patience);
        var end = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true).WaitAsync(Patience);
        var told = scenario.FailsAsInvocation ? "" : $"output: {end.SerializedOutput} custom status: {end.SerializedCustomStatus}";
        var outcome = $"{end.RuntimeStatus} {told}\n{Describe(end.FailureDetails)}";
        return outcome.Replace(id, "(id)", StringComparison.Ordinal);
    }

    private static string Describe(TaskFailureDetails? failure) =>
        failure is null ? "" : $"{failure.ErrorType}: {failure.ErrorMessage}\n{Describe(failure.InnerFailure)}";

    private void Register(DurableTaskRegistry registry)
    {
        foreach (var scenario in Scenarios.All)
        {
            foreach (var (name, run) in scenario.Orchestrators) registry.AddOrchestratorFunc(name, run);
            foreach (var (name, run) in scenario.Activities)
                registry.AddActivityFunc<object?, object?>(name, (context, _) => run(context.InstanceId, Count(context.InstanceId, name)));
        }
    }

    private int Count(string instanceId, string activity) => _calls.AddOrUpdate($"{instanceId}/{activity}", 1, (_, calls) => calls + 1);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
