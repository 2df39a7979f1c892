using ClipiaFlows.LocalRuntime.Durable;
using ClipiaFlows.LocalRuntime.Hosting.Discovery;
using ClipiaFlows.LocalRuntime.Hosting.Invocation;
using Microsoft.Extensions.Hosting;

namespace ClipiaFlows.LocalRuntime.Hosting.Durable;

/// <summary>Runs the durable engine while the host runs.</summary>
internal sealed class DurableService(
    DurableEngine engine, FunctionInvoker invoker, IReadOnlyList<FunctionMethod> functions) : IHostedLifecycleService
{
    // After the port is taken: see RequestGate.
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        DurableFunctions.Register(engine, functions, invoker);
        return engine.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => engine.StopAsync(cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
