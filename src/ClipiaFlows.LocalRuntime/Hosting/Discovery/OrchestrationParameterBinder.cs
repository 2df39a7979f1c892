using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace ClipiaFlows.LocalRuntime.Hosting.Discovery;

internal sealed class OrchestrationParameterBinder : ParameterBinder
{
    private static readonly MethodInfo ReadInputMethod =
        typeof(OrchestrationParameterBinder).GetMethod(nameof(ReadInput), BindingFlags.Static | BindingFlags.NonPublic)!;

    private bool _inputIsBound;

    protected override ArgumentSource? BindTrigger(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(TaskOrchestrationContext) ? context => new(context.Trigger) : null;

    // An orchestrator may not talk to anything but its context.
    protected override ArgumentSource? BindCommon(ParameterInfo parameter) =>
        parameter.IsDefined(typeof(DurableClientAttribute)) ? null : base.BindCommon(parameter);

    protected override ArgumentSource? BindOther(ParameterInfo parameter)
    {
        if (_inputIsBound || parameter.IsDefined(typeof(DurableClientAttribute)))
            return null;
        _inputIsBound = true;
        return ReadInputMethod.MakeGenericMethod(parameter.ParameterType).CreateDelegate<ArgumentSource>();
    }

    private static ValueTask<object?> ReadInput<T>(Invocation.LocalFunctionContext context) =>
        new(((TaskOrchestrationContext)context.Trigger).GetInput<T>());
}
