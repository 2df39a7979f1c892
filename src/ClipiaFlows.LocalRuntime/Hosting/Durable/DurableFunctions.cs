using System.Reflection;
using ClipiaFlows.LocalRuntime.Durable;
using ClipiaFlows.LocalRuntime.Hosting.Discovery;
using ClipiaFlows.LocalRuntime.Hosting.Invocation;
using ClipiaFlows.LocalRuntime.Hosting.Settings;
using ClipiaFlows.LocalRuntime.Hosting.Startup;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.LocalRuntime.Hosting.Durable;

/// <summary>Hands orchestrators and activities to the durable engine.</summary>
internal static class DurableFunctions
{
    /// <summary>Whether the app needs the engine at all.</summary>
    public static bool AreUsed(IEnumerable<FunctionMethod> functions) => functions.Any(function =>
        NameOf(function) is not null ||
        function.Method.GetParameters().Any(parameter => parameter.IsDefined(typeof(DurableClientAttribute))));

    public static void CheckNames(IEnumerable<FunctionMethod> functions, Problems problems)
    {
        var byName = functions
            .Where(function => NameOf(function) is not null)
            .GroupBy(function => (function.Trigger.GetType(), Name: NameOf(function)!.ToUpperInvariant()));
        foreach (var same in byName)
        {
            // Functions of one name are told of already.
            var names = same.Select(function => function.Name).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
            if (names.Count > 1)
                problems.Add($"The durable name '{NameOf(same.First())}' belongs to several functions: {string.Join(", ", names)}.");
        }
    }

    public static DurableEngine CreateEngine(RuntimeSettings settings, IServiceProvider services)
    {
        var options = new DurableEngineOptions
        {
            DatabasePath = Path.Combine(settings.DataDirectory, "durable.db"),
            HubName = settings.HubName,
            MaxConcurrentActivities = settings.MaxConcurrentActivities,
            MaxConcurrentOrchestrators = settings.MaxConcurrentOrchestrators,
            AlwaysReplay = settings.AlwaysReplay,
            FullSync = settings.FullSync,
            DefaultVersion = settings.DefaultVersion,
            VersionMatchStrategy = settings.VersionMatchStrategy,
            VersionFailureStrategy = settings.VersionFailureStrategy,
            HideFailureTypes = true,
            DataConverter = WorkerDataConverter.Of(services),
        };
        // A program may set more of the engine, as of anything that has options.
        foreach (var more in services.GetServices<IConfigureOptions<DurableEngineOptions>>())
            more.Configure(options);
        return new(options, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>());
    }

    public static void Register(DurableEngine engine, IEnumerable<FunctionMethod> functions, FunctionInvoker invoker)
    {
        foreach (var function in functions)
        {
            if (function.Trigger is OrchestrationTriggerAttribute)
                engine.AddOrchestrator(NameOf(function)!, context =>
                    Invoke(function, context, context.InstanceId, CancellationToken.None));
            else if (function.Trigger is ActivityTriggerAttribute)
                engine.AddActivity(NameOf(function)!, (call, cancellation) =>
                    Invoke(function, call, call.InstanceId, cancellation));
        }

        Task<object?> Invoke(FunctionMethod function, object trigger, string instanceId, CancellationToken cancellation)
        {
            Dictionary<string, object?> data = new() { ["instanceId"] = instanceId };
            return invoker.InvokeAsync(function, new(trigger, data, Services: null, cancellation));
        }
    }

    private static string? NameOf(FunctionMethod function) => function.Trigger switch
    {
        OrchestrationTriggerAttribute trigger => trigger.Orchestration ?? function.Name,
        ActivityTriggerAttribute trigger => trigger.Activity ?? function.Name,
        _ => null,
    };
}
