using System.Text;
using Microsoft.Extensions.Configuration;

namespace ClipiaFlows.LocalRuntime.Hosting.Settings;

/// <summary>Replaces <c>%Name%</c> by the app setting of that name, as binding expressions of the genuine host do.</summary>
internal static class SettingReference
{
    public static bool TryExpand(string text, IConfiguration configuration, out string expanded, out string? missing)
    {
        var result = new StringBuilder();
        missing = null;
        var parts = text.Split('%');
        for (var i = 0; i < parts.Length; i++)
        {
            // Odd parts stand between two percent signs; a last one without its second sign is plain text.
            if (i % 2 == 0)
                result.Append(parts[i]);
            else if (i == parts.Length - 1)
                result.Append('%').Append(parts[i]);
            else if (configuration[parts[i].Replace("__", ":", StringComparison.Ordinal)] is { } value)
                result.Append(value);
            else
                missing ??= parts[i];
        }

        expanded = result.ToString();
        return missing is null;
    }
}
