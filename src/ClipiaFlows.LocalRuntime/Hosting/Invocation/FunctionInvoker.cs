using System.Reflection;
using ClipiaFlows.LocalRuntime.Durable;
using ClipiaFlows.LocalRuntime.Hosting.Discovery;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ClipiaFlows.LocalRuntime.Hosting.Invocation;

/// <summary>Runs worker middleware around a function: binds its parameters, calls it, awaits its result.</summary>
internal sealed class FunctionInvoker(
    IServiceProvider services, IEnumerable<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware)
{
    private readonly FunctionExecutionDelegate _pipeline = middleware
        .Reverse()
        .Aggregate((FunctionExecutionDelegate)CallAsync, (next, wrap) => wrap(next));

    public DurableTaskClient DurableClient => services.GetRequiredService<DurableEngine>().Client;

    public AsyncServiceScope CreateScope() => services.CreateAsyncScope();

    /// <summary>The awaited result of the function. Whatever it or its middleware throws comes out unwrapped.</summary>
    /// <remarks>It stays on the caller's scheduler and yields nowhere by itself: orchestrators run through it.</remarks>
    public async Task<object?> InvokeAsync(FunctionMethod function, Invocation invocation)
    {
        await using var context = new LocalFunctionContext(function, invocation, this);
        return await InvokeAsync(context);
    }

    /// <summary>The same for a trigger that made the context itself.</summary>
    public async Task<object?> InvokeAsync(LocalFunctionContext context)
    {
        await _pipeline(context);
        return context.Result;
    }

    private static async Task CallAsync(FunctionContext functionContext)
    {
        var context = (LocalFunctionContext)functionContext;
        var function = context.Function;
        var arguments = new object?[function.Arguments.Count];
        for (var i = 0; i < arguments.Length; i++)
            arguments[i] = await function.Arguments[i](context);
        var instance = function.CreateInstance?.Invoke(context.InstanceServices);
        var returned = function.Method.Invoke(
            instance, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);
        context.Result = await function.Await(returned);
    }
}
