using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ClipiaFlows.LocalRuntime.Hosting.Startup;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace ClipiaFlows.LocalRuntime.Hosting.Discovery;

/// <summary>Finds the functions of an assembly; whatever the genuine build or host would refuse becomes a problem.</summary>
internal sealed partial class FunctionFinder(Problems problems)
{
    private const string NameRule =
        "its name must begin with a letter and go on with at most 127 letters, digits, '-' or '_', and must not be 'host'";

    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static |
        BindingFlags.Instance | BindingFlags.DeclaredOnly;

    public IReadOnlyList<FunctionMethod> Find(Assembly assembly, Func<Type, bool> includes)
    {
        var functions = assembly.GetTypes().Where(includes)
            .SelectMany(type => type.GetMethods(Declared))
            .Select(method => (Method: method, Function: method.GetCustomAttribute<FunctionAttribute>()))
            .Where(each => each.Function is not null)
            .Select(each => Describe(each.Function!.Name, each.Method))
            .OfType<FunctionMethod>()
            .ToList();

        foreach (var same in functions.GroupBy(function => function.Name, StringComparer.OrdinalIgnoreCase))
        {
            var places = same.Select(function => function.Definition.EntryPoint).ToList();
            if (places.Count > 1)
                problems.Add($"The function name '{same.Key}' is used {places.Count} times: {string.Join(", ", places)}.");
        }

        return functions;
    }

    private FunctionMethod? Describe(string name, MethodInfo method)
    {
        var found = problems.Errors.Count;
        if (!ValidName().IsMatch(name))
            Refuse(name, method, NameRule);
        CheckCallable(name, method);

        var triggers = method.GetParameters()
            .Select(parameter => (Parameter: parameter, Trigger: parameter.GetCustomAttribute<TriggerBindingAttribute>()))
            .Where(each => each.Trigger is not null)
            .ToList();
        if (triggers.Count != 1)
        {
            Refuse(name, method, $"it needs one parameter with a trigger attribute, found {triggers.Count}");
            return null;
        }

        var (parameter, trigger) = triggers[0];
        var binder = ParameterBinder.For(trigger!, name);
        if (binder is null)
        {
            Refuse(name, method, $"the trigger {trigger!.GetType().Name} is not known here");
            return null;
        }

        if (binder.CheckReturnType(method.ReturnType) is { } wrongReturn)
            Refuse(name, method, wrongReturn);
        List<ArgumentSource> arguments = [];
        foreach (var each in method.GetParameters())
        {
            if (binder.Bind(each, isTrigger: each == parameter, out var problem) is { } source)
                arguments.Add(source);
            else
                Refuse(name, method, problem!);
        }

        return problems.Errors.Count > found ? null : new(name, method, trigger!, arguments);
    }

    private void CheckCallable(string name, MethodInfo method)
    {
        var type = method.DeclaringType!;
        if (type.ContainsGenericParameters || method.IsGenericMethod)
            Refuse(name, method, "neither it nor its class may be generic");
        if (!method.IsStatic && type.IsAbstract)
            Refuse(name, method, $"its class {type.Name} cannot be constructed");
        if (!method.IsPublic || !type.IsVisible)
            Refuse(name, method, "it and its class must be public");
        if (method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute)))
            Refuse(name, method, "an async function must return a task");
    }

    private void Refuse(string name, MethodInfo method, string reason) =>
        problems.Add($"Function '{name}' ({method.DeclaringType?.Name}.{method.Name}): {reason}.");

    [GeneratedRegex("^(?!host$)[a-z][a-z0-9_-]{0,127}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ValidName();
}
