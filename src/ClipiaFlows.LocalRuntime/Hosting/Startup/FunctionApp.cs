using ClipiaFlows.LocalRuntime.Hosting.Discovery;
using ClipiaFlows.LocalRuntime.Hosting.Durable;
using ClipiaFlows.LocalRuntime.Hosting.Http;
using ClipiaFlows.LocalRuntime.Hosting.Invocation;
using ClipiaFlows.LocalRuntime.Hosting.Settings;
using ClipiaFlows.LocalRuntime.Hosting.Timers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClipiaFlows.LocalRuntime.Hosting.Startup;

/// <summary>The functions that this process runs.</summary>
internal sealed record FunctionApp(
    IReadOnlyList<FunctionMethod> Functions, HttpFunctions Http, IReadOnlyList<TimerFunction> Timers)
{
    public static FunctionApp Find(
        LocalHostSetup setup, RuntimeSettings settings, IConfiguration configuration, Problems problems)
    {
        var found = setup.Functions is null ? [] : new FunctionFinder(problems).Find(setup.Functions, setup.Includes);
        if (found.Count == 0 && problems.Errors.Count == 0)
            problems.Warn($"No functions found in {setup.Functions?.GetName().Name}.");
        foreach (var unknown in settings.EnabledFunctions.Except(found.Select(function => function.Name), StringComparer.OrdinalIgnoreCase))
            problems.Warn($"{HostJson.FileName}: functions names '{unknown}', which is no function of {setup.Functions?.GetName().Name}.");
        var enabled = found.Where(function => IsEnabled(function.Name, settings, configuration, problems)).ToList();
        DurableFunctions.CheckNames(enabled, problems);
        return new(
            enabled,
            HttpFunctions.Find(enabled, settings.RoutePrefix, problems),
            TimerFunction.Find(enabled, configuration, problems));
    }

    /// <summary>Tells of classes that could not be constructed at their first invocation.</summary>
    public void CheckServices(IServiceProviderIsService registered, Problems problems)
    {
        var classes = Functions
            .Where(function => !function.Method.IsStatic)
            .Select(function => function.Method.DeclaringType!)
            .Distinct();
        foreach (var type in classes)
        {
            foreach (var missing in FunctionInstance.MissingServices(type, registered))
                problems.Add($"The class {type.Name} needs the service {missing.Name}, which is not registered.");
        }
    }

    private static bool IsEnabled(
        string function, RuntimeSettings settings, IConfiguration configuration, Problems problems)
    {
        var only = settings.EnabledFunctions;
        if (only.Count > 0 && !only.Contains(function, StringComparer.OrdinalIgnoreCase))
            return false;
        var disabled = configuration[$"AzureWebJobs.{function}.Disabled"]
            ?? configuration[$"AzureWebJobs:{function}:Disabled"];
        if (disabled is not "1" && !string.Equals(disabled, "true", StringComparison.OrdinalIgnoreCase))
            return true;
        problems.Warn($"Function '{function}' is disabled.");
        return false;
    }
}
