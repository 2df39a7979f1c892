using ClipiaFlows.LocalRuntime.Durable;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClipiaFlows.LocalRuntime.CrashHost;

/// <summary>
/// Pairs of flows that fan out, spend what they got, wait, call a child, continue as new and send each other an event,
/// and a collector that is sent texts from outside.
/// </summary>
public sealed class Workload : IAsyncDisposable
{
    public const string Collector = "collector";

    private const string Stopping = "stopping";
    private const int Numbers = 60;

    private readonly DurableEngine _engine;
    private readonly Journal _journal;
    private readonly int _instances;

    public Workload(DurableEngineOptions options, Journal journal, int instances)
    {
        _journal = journal;
        _instances = instances;
        _engine = new(options, TimeProvider.System, NullLoggerFactory.Instance);
        _engine.AddActivity("mint", (call, _) => Mint(call));
        _engine.AddActivity("spend", (call, _) => Spend(call));
        _engine.AddOrchestrator("flow", Flow);
        _engine.AddOrchestrator("child", Child);
        _engine.AddOrchestrator("collect", Collect);
    }

    public async Task StartAsync()
    {
        await _engine.StartAsync(CancellationToken.None);
        await StartOnceAsync("collect", Collector);
        for (var i = 0; i < _instances; i++) await StartOnceAsync("flow", $"f{i}");
    }

    public async Task FinishAsync()
    {
        // Whatever is sent after the stop finds nobody.
        for (var n = 0; n < Numbers && !_journal.Had(Stopping); n++)
        {
            var text = Guid.NewGuid().ToString("N");
            await _engine.Client.RaiseEventAsync(Collector, "number", text);
            _journal.Write("acknowledged", text);
            await Task.Delay(5);
        }

        for (var i = 0; i < _instances; i++) await _engine.Client.WaitForInstanceCompletionAsync($"f{i}");
        _journal.Write(Stopping);
        await _engine.Client.RaiseEventAsync(Collector, "number", "stop");
        await _engine.Client.WaitForInstanceCompletionAsync(Collector);
        await _engine.StopAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private static async Task<object?> Flow(TaskOrchestrationContext context)
    {
        var spent = context.GetInput<List<string>>() ?? [];
        var round = spent.Count == 0 ? 0 : 1;

        var minted = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(step => context.CallActivityAsync<string>("mint", $"{round}.{step}")));
        foreach (var token in minted) await context.CallActivityAsync("spend", token);
        spent.AddRange(minted);

        var child = await context.CallSubOrchestratorAsync<string>(
            "child", $"{round}.child", new SubOrchestrationOptions(instanceId: $"{context.InstanceId}.{round}"));
        await context.CallActivityAsync("spend", child);
        spent.Add(child);
        await context.CreateTimer(TimeSpan.FromMilliseconds(30), CancellationToken.None);
        if (round == 0)
        {
            context.ContinueAsNew(spent);
            return null;
        }

        // Odd ones tell their even neighbour, who was started before them and waits.
        var number = int.Parse(context.InstanceId[1..]);
        if (number % 2 == 1) context.SendEvent($"f{number - 1}", "done", context.InstanceId);
        else await context.WaitForExternalEvent<string>("done");
        return spent;
    }

    private static async Task<object?> Child(TaskOrchestrationContext context)
    {
        using var cancel = new CancellationTokenSource();
        var timer = context.CreateTimer(TimeSpan.FromHours(1), cancel.Token);
        var minted = context.CallActivityAsync<string>("mint", context.GetInput<string>());
        await Task.WhenAny(timer, minted);
#pragma warning disable CA1849 // Cancelling asynchronously leaves the orchestrator's scheduler.
        cancel.Cancel();
#pragma warning restore CA1849
        return await minted;
    }

    private static async Task<object?> Collect(TaskOrchestrationContext context)
    {
        var numbers = context.GetInput<List<string>>() ?? [];
        for (var i = 0; i < 7; i++)
        {
            var number = await context.WaitForExternalEvent<string>("number");
            if (number == "stop") return numbers;
            numbers.Add(number);
        }

        context.ContinueAsNew(numbers);
        return null;
    }

    // A new token every time: the same step run twice gives two.
    private Task<object?> Mint(ActivityCall call)
    {
        var token = Guid.NewGuid().ToString("N");
        _journal.Write("minted", $"{call.InstanceId}/{call.SerializedInput}", token);
        return Task.FromResult<object?>(token);
    }

    private Task<object?> Spend(ActivityCall call)
    {
        _journal.Write("spent", call.SerializedInput!.Trim('"'));
        return Task.FromResult<object?>(null);
    }

    private async Task StartOnceAsync(string name, string id)
    {
        try
        {
            var options = new StartOrchestrationOptions(id).WithDedupeStatuses(
                [.. Enum.GetValues<OrchestrationRuntimeStatus>()]);
            await _engine.Client.ScheduleNewOrchestrationInstanceAsync(name, null, options);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // By the process before this one.
        }
    }
}
