using ClipiaFlows.LocalRuntime.Hosting.Discovery;
using ClipiaFlows.LocalRuntime.Hosting.Settings;
using ClipiaFlows.LocalRuntime.Hosting.Startup;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace ClipiaFlows.LocalRuntime.Hosting.Timers;

/// <summary>A timer function and its schedule.</summary>
internal sealed record TimerFunction(FunctionMethod Function, TimerSchedule Schedule, bool UseMonitor, bool RunOnStartup)
{
    public static IReadOnlyList<TimerFunction> Find(
        IEnumerable<FunctionMethod> functions, IConfiguration configuration, Problems problems) =>
        [.. functions
            .Where(function => function.Trigger is TimerTriggerAttribute)
            .Select(function => Read(function, (TimerTriggerAttribute)function.Trigger, configuration, problems))
            .OfType<TimerFunction>()];

    private static TimerFunction? Read(
        FunctionMethod function, TimerTriggerAttribute trigger, IConfiguration configuration, Problems problems)
    {
        if (!SettingReference.TryExpand(trigger.Schedule, configuration, out var expression, out var missing))
        {
            problems.Add($"Function '{function.Name}': its schedule names the setting '{missing}', which has no value.");
            return null;
        }

        if (TimerSchedule.TryParse(expression, out var problem) is { } schedule)
            return new(function, schedule, trigger.UseMonitor, trigger.RunOnStartup);
        problems.Add(
            $"Function '{function.Name}': its schedule '{expression}' is neither an NCRONTAB expression nor a time span: " +
            problem);
        return null;
    }
}
