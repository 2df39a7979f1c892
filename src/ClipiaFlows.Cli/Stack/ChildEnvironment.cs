using System.Diagnostics;

namespace ClipiaFlows.Cli.Stack;

/// <summary>
/// The environment of the programs that the stack starts. They get what the system and .NET need, and what somebody set for
/// them on purpose (README.md, <i>Configuration of the app</i>); variables that are meant for other programs stay outside.
/// </summary>
internal static class ChildEnvironment
{
    private const StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;

    private static readonly string[] OfTheSystem =
    [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "TZ", "TZDIR", "LANG", "LANGUAGE", "LC_*", "TMPDIR", "TEMP", "TMP", "XDG_*", "LD_LIBRARY_PATH",
        "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "NIX_*", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
        "SystemRoot", "SystemDrive", "windir", "ComSpec", "PATHEXT", "OS", "USERNAME", "USERDOMAIN", "USERPROFILE", "COMPUTERNAME", "HOMEDRIVE", "HOMEPATH",
        "APPDATA", "LOCALAPPDATA", "ALLUSERSPROFILE", "PUBLIC", "ProgramData", "ProgramFiles*", "ProgramW6432", "CommonProgram*", "NUMBER_OF_PROCESSORS", "PROCESSOR_*",
    ];

    // Where .NET is, which one is taken, and how much memory it may use; not what it loads, listens on or traces.
    private static readonly string[] OfDotnet = ["DOTNET_ROOT*", "DOTNET_ROLL_FORWARD*", "DOTNET_GC*", "DOTNET_PROCESSOR_COUNT", "DOTNET_SYSTEM_*"];

    private static readonly string[] ForTheApp =
    [
        "Clipia__AttemptTimeout", "Clipia__MaxAttempts", "Clipia__RetryBudget", "Pacing__*", "Limits__*", "Media__*", "Notifications__*", "Retention__*",
        "LocalRuntime__*", "AzureFunctionsJobHost__logging__*", "OTEL_*",
    ];

    private static readonly string[] ForTheEmulator = ["Emulator__*"];

    // npm reads any variable that its configuration files name, so here only what changes what it does is left out.
    private static readonly string[] NotForNpm = ["NODE_*", "npm_*", "AZURITE_*", "INIT_CWD"];

    private static readonly string[] ForNpm =
    [
        "NODE_EXTRA_CA_CERTS", "npm_config_registry", "npm_config_cafile", "npm_config_ca", "npm_config_strict_ssl", "npm_config_proxy", "npm_config_https_proxy",
        "npm_config_noproxy", "npm_config_userconfig", "npm_config_globalconfig", "npm_config_cache", "npm_config_fetch_*", "npm_config_maxsockets", "npm_config_//*",
    ];

    /// <summary>For the app: what the system needs and the settings that `dev` passes on.</summary>
    public static void LeaveForApp(ProcessStartInfo start) => Leave(start, [.. OfTheSystem, .. OfDotnet, .. ForTheApp]);

    /// <summary>For the emulator.</summary>
    public static void LeaveForEmulator(ProcessStartInfo start) => Leave(start, [.. OfTheSystem, .. OfDotnet, .. ForTheEmulator]);

    /// <summary>For node.</summary>
    public static void LeaveForNode(ProcessStartInfo start) => Leave(start, OfTheSystem);

    /// <summary>For npm.</summary>
    public static void LeaveForNpm(ProcessStartInfo start)
    {
        RemoveWhere(start, name => IsAmong(NotForNpm, name) && !IsAmong(ForNpm, name));
        AddLoopbackExceptions(start);
    }

    private static void Leave(ProcessStartInfo start, IReadOnlyList<string> names)
    {
        RemoveWhere(start, name => !IsAmong(names, name));
        AddLoopbackExceptions(start);
    }

    private static void RemoveWhere(ProcessStartInfo start, Predicate<string> isUnwanted)
    {
        foreach (var name in start.Environment.Keys.Where(name => isUnwanted(name)).ToList())
            start.Environment.Remove(name);
    }

    /// <summary>Our programs need no such list; libraries that read the variables themselves do.</summary>
    private static void AddLoopbackExceptions(ProcessStartInfo start)
    {
        var given = start.Environment.TryGetValue("no_proxy", out var lower) ? lower : start.Environment.TryGetValue("NO_PROXY", out var upper) ? upper : null;
        var all = string.IsNullOrWhiteSpace(given) ? "localhost,127.0.0.1,::1,[::1]" : given + ",localhost,127.0.0.1,::1,[::1]";
        start.Environment["no_proxy"] = all;
        start.Environment["NO_PROXY"] = all;
    }

    private static bool IsAmong(IReadOnlyList<string> names, string name) => names.Any(known => known.EndsWith('*')
        ? name.StartsWith(known[..^1], IgnoreCase)
        : name.Equals(known, IgnoreCase));
}
