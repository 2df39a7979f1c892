using System.Text.Json;
using ClipiaFlows.LocalRuntime.Hosting.Startup;

namespace ClipiaFlows.LocalRuntime.Hosting.Settings;

/// <summary>local.settings.json of Core Tools: Values, ConnectionStrings and Host.LocalHttpPort.</summary>
internal static class LocalSettings
{
    public const string FileName = "local.settings.json";

    /// <summary>The configuration in the file; empty when there is none.</summary>
    public static Dictionary<string, string?> Read(string directory, Problems problems)
    {
        Dictionary<string, string?> settings = new(StringComparer.OrdinalIgnoreCase);
        if (JsonSettingsFile.Read(Path.Combine(directory, FileName), problems) is not { } file)
            return settings;

        if (file.TryGetProperty("IsEncrypted", out var encrypted) && encrypted.ValueKind == JsonValueKind.True)
        {
            problems.Add($"{FileName} is encrypted, which only Core Tools can read; run 'func settings decrypt' first.");
            return settings;
        }

        foreach (var (name, value) in Scalars(file, "Values", problems))
            settings[name.Replace("__", ":", StringComparison.Ordinal)] = value;
        foreach (var (name, value) in Scalars(file, "ConnectionStrings", problems))
            settings[$"ConnectionStrings:{name}"] = value;
        foreach (var (name, value) in Scalars(file, "Host", problems))
            ReadHost(name, value, settings, problems);
        return settings;
    }

    private static void ReadHost(string name, string? value, Dictionary<string, string?> settings, Problems problems)
    {
        if (name.Equals("LocalHttpPort", StringComparison.OrdinalIgnoreCase))
            settings.TryAdd(RuntimeSettings.PortKey, value);
        else
            problems.Warn($"{FileName}: Host.{name} means nothing to the local runtime.");
    }

    private static IEnumerable<(string Name, string? Value)> Scalars(JsonElement file, string section, Problems problems)
    {
        if (!file.TryGetProperty(section, out var values))
            yield break;
        if (values.ValueKind != JsonValueKind.Object)
        {
            problems.Add($"{FileName}: {section} must be an object, found {values.ValueKind}.");
            yield break;
        }

        foreach (var value in values.EnumerateObject())
        {
            if (value.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                problems.Add(
                    $"{FileName}: {section}.{value.Name} must be a text; write nested settings as \"Section__Name\".");
            else
                yield return (value.Name, value.Value.ToString());
        }
    }
}
