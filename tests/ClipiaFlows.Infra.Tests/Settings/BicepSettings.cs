using System.Text.RegularExpressions;
using ClipiaFlows.Infra.Tests.Bicep;

namespace ClipiaFlows.Infra.Tests.Settings;

/// <summary>The settings that <c>app-settings.bicep</c> gives the app: the only file that may.</summary>
internal static partial class BicepSettings
{
    public static IReadOnlyList<string> Names => [.. Values.Select(setting => setting.Key)];

    /// <summary>Names and expressions, read from the source; the compiled form is one long union.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Values => Of(Path.Combine(Templates.Folder, "modules", "app-settings.bicep"));

    private static List<KeyValuePair<string, string>> Of(string file) =>
        [.. File.ReadLines(file).Select(line => Setting().Match(line)).Where(match => match.Success)
            .Select(match => KeyValuePair.Create(match.Groups[1].Value, match.Groups[2].Value))];

    // A setting has capitals or a double underscore at its start; properties of resources begin in lower case.
    [GeneratedRegex(@"^ {2,6}([A-Z]\w+): (.+)$")]
    private static partial Regex Setting();
}
