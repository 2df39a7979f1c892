using System.Globalization;
using System.Text.Json;
using ClipiaFlows.LocalRuntime.Hosting.Startup;
using Microsoft.Extensions.Configuration;

namespace ClipiaFlows.LocalRuntime.Hosting.Settings;

/// <summary>Reads single settings; a value that does not fit becomes a problem and the default is returned.</summary>
internal sealed class SettingReader(IConfiguration configuration, Problems problems)
{
    public string Text(string key, string absent) => configuration[key] is { Length: > 0 } text ? text : absent;

    public bool Flag(string key)
    {
        var text = Text(key, "false");
        if (bool.TryParse(text, out var flag))
            return flag;
        problems.Add($"{key} must be true or false, found '{text}'.");
        return false;
    }

    public double Number(string key, double absent, double min, double max, bool whole = true)
    {
        if (configuration[key] is not { Length: > 0 } text)
            return absent;
        var style = whole ? NumberStyles.None : NumberStyles.AllowDecimalPoint;
        if (double.TryParse(text, style, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
            return number;
        var kind = whole ? "whole number" : "number";
        problems.Add(string.Create(
            CultureInfo.InvariantCulture, $"{key} must be a {kind} from {min} to {max}, found '{text}'."));
        return absent;
    }

    public DateTimeOffset? Instant(string key)
    {
        if (configuration[key] is not { Length: > 0 } text)
            return null;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var instant))
            return instant;
        problems.Add($"{key} must be an ISO 8601 instant such as 2026-01-31T12:00:00Z, found '{text}'.");
        return null;
    }

    /// <summary>A text of host.json, with <c>%Setting%</c> replaced.</summary>
    public string HostText(string path, string absent)
    {
        // An empty text is a choice here: "routePrefix": "" takes the prefix away.
        var text = HostValue(path) ?? absent;
        if (SettingReference.TryExpand(text, configuration, out var expanded, out var missing))
            return expanded;
        problems.Add($"{HostJson.FileName}: {path.Replace(':', '.')} names the setting '{missing}', which has no value.");
        return absent;
    }

    public IEnumerable<string> HostList(string path) =>
        configuration.GetSection($"{HostJson.Section}:{path}").GetChildren().Select(item => item.Value ?? "");

    /// <summary>One of several names in host.json, in any case.</summary>
    public T HostChoice<T>(string path, T absent) where T : struct, Enum
    {
        var text = HostValue(path);
        if (string.IsNullOrEmpty(text))
            return absent;
        if (Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase))
            return Enum.Parse<T>(text, ignoreCase: true);
        var names = string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName));
        problems.Add($"{HostJson.FileName}: {path.Replace(':', '.')} must be one of {names}, found '{text}'.");
        return absent;
    }

    /// <summary>A limit of host.json; the genuine default is ten times the number of cores.</summary>
    public int HostCount(string path)
    {
        var text = HostValue(path);
        if (string.IsNullOrEmpty(text))
            return 10 * Environment.ProcessorCount;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1)
            return count;
        problems.Add($"{HostJson.FileName}: {path.Replace(':', '.')} must be a whole number from 1, found '{text}'.");
        return 1;
    }

    /// <summary>One value of host.json; an object or an array in its place is a problem.</summary>
    private string? HostValue(string path)
    {
        var section = configuration.GetSection($"{HostJson.Section}:{path}");
        if (section.Value is null && section.GetChildren().Any())
            problems.Add($"{HostJson.FileName}: {path.Replace(':', '.')} must be a single value, found an object or an array.");
        return section.Value;
    }
}
