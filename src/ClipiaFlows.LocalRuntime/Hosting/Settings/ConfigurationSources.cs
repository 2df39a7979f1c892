using ClipiaFlows.LocalRuntime.Hosting.Startup;
using Microsoft.Extensions.Configuration;

namespace ClipiaFlows.LocalRuntime.Hosting.Settings;

/// <summary>The sources of configuration, from the weakest to the strongest.</summary>
internal static class ConfigurationSources
{
    private static readonly Dictionary<string, string> Switches = new()
    {
        ["--port"] = RuntimeSettings.PortKey,
        ["-p"] = RuntimeSettings.PortKey,
    };

    // What the frameworks have to tell about each request would drown the app; addresses may hold secrets, too.
    private static readonly Dictionary<string, string?> Defaults = new()
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft"] = "Warning",
        ["Logging:LogLevel:System.Net.Http.HttpClient"] = "Warning",
    };

    public static void Add(ConfigurationManager configuration, string[] args, string appDirectory, Problems problems)
    {
        configuration.AddInMemoryCollection(Defaults);
        configuration.AddInMemoryCollection(HostJson.Read(appDirectory, problems));
        configuration.AddInMemoryCollection(AppSettings(appDirectory, problems));
        configuration.AddInMemoryCollection(LocalSettings.Read(appDirectory, problems));
        configuration.AddEnvironmentVariables();
        try
        {
            configuration.AddCommandLine(args, Switches);
        }
        catch (FormatException bad)
        {
            problems.Add($"The command line cannot be read: {bad.Message}");
        }
    }

    // Read once: watching files for changes costs more than a local app gains from it.
    private static IEnumerable<KeyValuePair<string, string?>> AppSettings(string directory, Problems problems)
    {
        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(directory, "appsettings.json"), optional: true, reloadOnChange: false)
                .Build().AsEnumerable().Where(setting => setting.Value is not null);
        }
        catch (InvalidDataException broken)
        {
            problems.Add($"{broken.Message} {broken.InnerException?.Message}".TrimEnd());
            return [];
        }
    }
}
