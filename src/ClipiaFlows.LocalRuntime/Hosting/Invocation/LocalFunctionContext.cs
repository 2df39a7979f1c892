using System.Diagnostics;
using ClipiaFlows.LocalRuntime.Hosting.Discovery;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ClipiaFlows.LocalRuntime.Hosting.Invocation;

/// <summary>One invocation. Its scope of services is made when first asked for, and goes with it.</summary>
internal sealed class LocalFunctionContext(
    FunctionMethod function, Invocation invocation, FunctionInvoker invoker) : FunctionContext, IAsyncDisposable
{
    private IServiceProvider? _services = invocation.Services;
    private AsyncServiceScope? _scope;

    public FunctionMethod Function => function;

    /// <summary>What set the invocation off; its type depends on the trigger.</summary>
    public object Trigger => invocation.Trigger;

    /// <summary>What the method returned, awaited.</summary>
    public object? Result { get; set; }

    public DurableTaskClient DurableClient => invoker.DurableClient;

    public override string InvocationId { get; } = Guid.NewGuid().ToString();

    public override string FunctionId => function.Definition.Id;

    public override TraceContext TraceContext { get; } = new LocalTraceContext(Activity.Current);

    public override BindingContext BindingContext { get; } = new LocalBindingContext(invocation.BindingData);

    public override RetryContext RetryContext => FirstTry.Instance;

    public override FunctionDefinition FunctionDefinition => function.Definition;

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override IInvocationFeatures Features { get; } = new InvocationFeatures();

    public override CancellationToken CancellationToken => invocation.Cancellation;

    public override IServiceProvider InstanceServices
    {
        get => _services ??= (_scope = invoker.CreateScope()).Value.ServiceProvider;
        set => _services = value;
    }

    public ValueTask DisposeAsync() => _scope?.DisposeAsync() ?? ValueTask.CompletedTask;
}
