using ClipiaFlows.LocalRuntime.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClipiaFlows.Benchmarks;

/// <summary>A durable engine on a folder of its own, with the flows that are measured.</summary>
internal sealed class Engines : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clipiaflows-bench-").FullName;
    private DurableEngine? _engine;

    public DurableTaskClient Client => _engine!.Client;

    public static async Task<Engines> StartAsync()
    {
        var engines = new Engines();
        await engines.RestartAsync();
        return engines;
    }

    public async Task RestartAsync()
    {
        if (_engine is not null) await _engine.StopAsync(CancellationToken.None);
        var options = new DurableEngineOptions { DatabasePath = Path.Combine(_folder, "durable.db") };
        _engine = new(options, TimeProvider.System, NullLoggerFactory.Instance);
        _engine.AddActivity("echo", (_, _) => Task.FromResult<object?>(1));
        _engine.AddOrchestrator("fan", FanOut);
        _engine.AddOrchestrator("chain", Chain);
        _engine.AddOrchestrator("wait", async context => await context.WaitForExternalEvent<string>("go"));
        _engine.AddOrchestrator("chain-and-wait", async context =>
        {
            await Chain(context);
            context.SetCustomStatus("waiting");
            return await context.WaitForExternalEvent<string>("go");
        });
        _engine.AddOrchestrator("nothing", _ => Task.FromResult<object?>(1));
        await _engine.StartAsync(CancellationToken.None);
    }

    public async Task RunAsync(string name, object? input = null) =>
        await Client.WaitForInstanceCompletionAsync(await Client.ScheduleNewOrchestrationInstanceAsync(name, input));

    public Task<string> ScheduleAsync(string name, string id, object? input = null) =>
        Client.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(id));

    public async ValueTask DisposeAsync()
    {
        await _engine!.StopAsync(CancellationToken.None);
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<object?> FanOut(TaskOrchestrationContext context)
    {
        var calls = Enumerable.Range(0, context.GetInput<int>()).Select(i => context.CallActivityAsync<int>("echo", i));
        return (await Task.WhenAll(calls)).Sum();
    }

    private static async Task<object?> Chain(TaskOrchestrationContext context)
    {
        var steps = context.GetInput<int>();
        for (var i = 0; i < steps; i++) await context.CallActivityAsync<int>("echo", i);
        return null;
    }
}
