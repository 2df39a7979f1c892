using System.Reflection;

namespace ClipiaFlows.LocalRuntime.Hosting.Invocation;

/// <summary>Makes one kind of task out of everything a function may return.</summary>
/// <remarks>
/// Nothing here leaves the current scheduler: an orchestrator's continuations must run on the one of its engine.
/// </remarks>
internal static class AwaitableResult
{
    private static readonly MethodInfo AwaitTaskMethod = Generic(nameof(AwaitTask));
    private static readonly MethodInfo AwaitValueTaskMethod = Generic(nameof(AwaitValueTask));

    public static Func<object?, ValueTask<object?>> For(Type returned)
    {
        if (returned == typeof(void))
            return _ => default;
        if (returned == typeof(Task))
            return AwaitPlainTask;
        if (returned == typeof(ValueTask))
            return result => AwaitPlainTask(((ValueTask)result!).AsTask());
        if (TaskResult(returned) is not { } result)
            return value => new(value);
        var method = returned.GetGenericTypeDefinition() == typeof(Task<>) ? AwaitTaskMethod : AwaitValueTaskMethod;
        return method.MakeGenericMethod(result).CreateDelegate<Func<object?, ValueTask<object?>>>();
    }

    /// <summary>The type of the result, without its task; null when there is none.</summary>
    public static Type? TypeOf(Type returned) =>
        returned == typeof(void) || returned == typeof(Task) || returned == typeof(ValueTask)
            ? null
            : TaskResult(returned) ?? returned;

    private static Type? TaskResult(Type returned) =>
        returned.IsGenericType && returned.GetGenericTypeDefinition() is { } open &&
        (open == typeof(Task<>) || open == typeof(ValueTask<>))
            ? returned.GetGenericArguments()[0]
            : null;

    private static async ValueTask<object?> AwaitPlainTask(object? task)
    {
        await (Task)task!;
        return null;
    }

    private static async ValueTask<object?> AwaitTask<T>(object? task) => await (Task<T>)task!;

    private static async ValueTask<object?> AwaitValueTask<T>(object? task) => await (ValueTask<T>)task!;

    private static MethodInfo Generic(string name) =>
        typeof(AwaitableResult).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;
}
