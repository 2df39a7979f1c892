using System.Text.Json;
using ClipiaFlows.LocalRuntime.Hosting.Startup;

namespace ClipiaFlows.LocalRuntime.Hosting.Settings;

/// <summary>
/// host.json as configuration under <c>AzureFunctionsJobHost</c>, where the genuine host has it too: an app setting
/// such as <c>AzureFunctionsJobHost__extensions__durableTask__hubName</c> overrides the file.
/// </summary>
internal static class HostJson
{
    public const string FileName = "host.json";
    public const string Section = "AzureFunctionsJobHost";

    /// <summary>The configuration in the file; empty when there is none.</summary>
    public static Dictionary<string, string?> Read(string directory, Problems problems)
    {
        Dictionary<string, string?> settings = new(StringComparer.OrdinalIgnoreCase);
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            problems.Warn($"There is no {FileName} in {directory}; every host setting has its default.");
            return settings;
        }

        if (JsonSettingsFile.Read(path, problems) is not { } file)
            return settings;
        if (!file.TryGetProperty("version", out var version) || version.ToString() != "2.0")
            problems.Add($"{FileName} must say \"version\": \"2.0\".");
        foreach (var unknown in HostJsonVocabulary.FindUnknown(file))
            problems.Warn($"{FileName}: the setting {unknown} is not known and has no effect.");
        Flatten(file, Section, settings);
        return settings;
    }

    private static void Flatten(JsonElement value, string path, Dictionary<string, string?> settings)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                    Flatten(property.Value, $"{path}:{property.Name}", settings);
                break;
            case JsonValueKind.Array:
                foreach (var (index, item) in value.EnumerateArray().Index())
                    Flatten(item, $"{path}:{index}", settings);
                break;
            default:
                settings[path] = value.ValueKind == JsonValueKind.Null ? null : value.ToString();
                break;
        }
    }
}
