using System.Reflection;
using ClipiaFlows.LocalRuntime.Hosting.Invocation;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace ClipiaFlows.LocalRuntime.Hosting.Discovery;

/// <summary>A method that carries <c>[Function]</c>, and how it is called.</summary>
internal sealed class FunctionMethod(
    string name, MethodInfo method, TriggerBindingAttribute trigger, IReadOnlyList<ArgumentSource> arguments)
{
    public string Name { get; } = name;

    public MethodInfo Method { get; } = method;

    public TriggerBindingAttribute Trigger { get; } = trigger;

    /// <summary>Where the value of each parameter comes from, in their order.</summary>
    public IReadOnlyList<ArgumentSource> Arguments { get; } = arguments;

    /// <summary>Makes the object whose method is called; null for a static method.</summary>
    public Func<IServiceProvider, object>? CreateInstance { get; } = FunctionInstance.CreateFactory(method);

    /// <summary>Turns what the method returned into a task of its result.</summary>
    public Func<object?, ValueTask<object?>> Await { get; } = AwaitableResult.For(method.ReturnType);

    public LocalFunctionDefinition Definition { get; } = new(name, method, trigger);
}
