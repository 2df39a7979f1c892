using System.Globalization;

namespace ClipiaFlows.Cli.Api;

/// <summary>Something in a manifest that can be run, and probably would waste credits.</summary>
internal sealed record ManifestWarning(string Code, string? Pointer, string Message, string? Suggestion, int? Line = null)
{
    /// <summary>Such as <c>/jobs/0/input/promt: The model … Did you mean prompt?</c></summary>
    public string Describe()
    {
        var place = string.IsNullOrEmpty(Pointer) ? "" : $"{Pointer}: ";
        if (Line is { } line)
            place = string.Create(CultureInfo.InvariantCulture, $"line {line}, {place}");
        return $"{place}{Message}{(Suggestion is null ? "" : $" Did you mean {Suggestion}?")}";
    }
}
