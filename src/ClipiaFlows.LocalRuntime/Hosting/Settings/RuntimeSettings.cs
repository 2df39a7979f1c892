using ClipiaFlows.LocalRuntime.Durable;
using ClipiaFlows.LocalRuntime.Hosting.Http;
using ClipiaFlows.LocalRuntime.Hosting.Startup;
using Microsoft.Extensions.Configuration;

namespace ClipiaFlows.LocalRuntime.Hosting.Settings;

/// <summary>Everything that the local runtime takes from configuration, checked once, before the app starts.</summary>
internal sealed class RuntimeSettings
{
    public const string PortKey = "LocalRuntime:Port";
    public const string DataDirectoryKey = "LocalRuntime:DataDirectory";
    public const double MaxClockScale = 10;

    /// <summary>Port on 127.0.0.1; 0 takes a free one. Default 7071.</summary>
    public required int Port { get; init; }

    /// <summary>Folder of durable.db and of the timers' schedules. Default <c>.clipiaflows</c> in the current folder.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Names other than this machine's own under which a part of the app is answered. Default: none.</summary>
    public required IReadOnlyList<AllowedHost> AllowedHosts { get; init; }

    /// <summary>The process ends gracefully when its standard input reaches its end. Default false.</summary>
    public required bool ExitWhenInputCloses { get; init; }

    /// <summary>How long running invocations may take to finish at the end. Default 10 seconds; 0 to 300.</summary>
    public required TimeSpan ShutdownTimeout { get; init; }

    /// <summary>Orchestrators are replayed at every turn, so that non-determinism shows. Default false.</summary>
    public required bool AlwaysReplay { get; init; }

    /// <summary>Every commit survives a power cut, not only a killed process. Default false.</summary>
    public required bool FullSync { get; init; }

    /// <summary>The instant at which real time and the app's time agree; null when no clock is set.</summary>
    public required DateTimeOffset? ClockOrigin { get; init; }

    /// <summary>How many seconds of the app pass in a real one. Default 1; 1 to 10.</summary>
    public required double ClockScale { get; init; }

    /// <summary>First part of every route, without slashes at its ends; may be empty. Default <c>api</c>.</summary>
    public required string RoutePrefix { get; init; }

    public required string HubName { get; init; }

    public required string? DefaultVersion { get; init; }

    public required VersionMatchStrategy VersionMatchStrategy { get; init; }

    public required VersionFailureStrategy VersionFailureStrategy { get; init; }

    public required int MaxConcurrentActivities { get; init; }

    public required int MaxConcurrentOrchestrators { get; init; }

    /// <summary>The functions that run; all of them when empty.</summary>
    public required IReadOnlyList<string> EnabledFunctions { get; init; }

    public static RuntimeSettings Read(IConfiguration configuration, Problems problems)
    {
        var read = new SettingReader(configuration, problems);
        return new()
        {
            Port = (int)read.Number(PortKey, 7071, 0, 65535),
            DataDirectory = Path.GetFullPath(read.Text(DataDirectoryKey, ".clipiaflows")),
            AllowedHosts = AllowedHost.ReadAll(read.Text(AllowedHost.Setting, ""), problems),
            ExitWhenInputCloses = read.Flag("LocalRuntime:ExitWhenInputCloses"),
            ShutdownTimeout = TimeSpan.FromSeconds(read.Number("LocalRuntime:ShutdownSeconds", 10, 0, 300)),
            AlwaysReplay = read.Flag("LocalRuntime:AlwaysReplay"),
            FullSync = read.Flag("LocalRuntime:FullSync"),
            ClockOrigin = read.Instant("Clock:Origin"),
            ClockScale = read.Number("Clock:Scale", 1, 1, MaxClockScale, whole: false),
            RoutePrefix = read.HostText("extensions:http:routePrefix", "api").Trim('/'),
            HubName = read.HostText("extensions:durableTask:hubName", "TestHubName"),
            DefaultVersion = read.HostText("extensions:durableTask:defaultVersion", "") is { Length: > 0 } some ? some : null,
            VersionMatchStrategy = read.HostChoice(
                "extensions:durableTask:versionMatchStrategy", VersionMatchStrategy.CurrentOrOlder),
            VersionFailureStrategy = read.HostChoice(
                "extensions:durableTask:versionFailureStrategy", VersionFailureStrategy.Reject),
            MaxConcurrentActivities = read.HostCount("extensions:durableTask:maxConcurrentActivityFunctions"),
            MaxConcurrentOrchestrators = read.HostCount("extensions:durableTask:maxConcurrentOrchestratorFunctions"),
            EnabledFunctions = [.. read.HostList("functions")],
        };
    }

    /// <summary>The clock of the app: the real one unless Clock:Origin or Clock:Scale say otherwise.</summary>
    public TimeProvider CreateClock() =>
        ClockOrigin is null && ClockScale == 1
            ? TimeProvider.System
            : new ScaledTimeProvider(TimeProvider.System, ClockOrigin ?? TimeProvider.System.GetUtcNow(), ClockScale);
}
