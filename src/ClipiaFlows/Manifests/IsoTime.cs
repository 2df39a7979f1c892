using System.Globalization;
using System.Text.RegularExpressions;

namespace ClipiaFlows.Manifests;

/// <summary>Moments and durations as manifests write them; null for every other text.</summary>
/// <remarks>
/// Own code for durations because <c>XmlConvert</c> also takes years and months, which have no fixed length, and signs.
/// </remarks>
internal static partial class IsoTime
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    private static readonly string[] Moments =
        ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    /// <summary>RFC 3339 with an offset, seconds optional; between the years 2000 and 2999.</summary>
    public static DateTimeOffset? Moment(string text) =>
        MomentForm().IsMatch(text)
        && DateTimeOffset.TryParseExact(text, Moments, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment)
            ? moment
            : null;

    /// <summary>ISO 8601 weeks, or days, hours, minutes and seconds: more than zero, at most 366 days.</summary>
    public static TimeSpan? Duration(string text)
    {
        if (DurationForm().Match(text) is not { Success: true } match)
            return null;
        var seconds = (Number("w") * 7 * 86_400) + (Number("d") * 86_400) + (Number("h") * 3600) + (Number("m") * 60) + Number("s");
        return seconds > 0 && seconds <= (decimal)Longest.TotalSeconds ? TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond)) : null;

        decimal Number(string group) =>
            match.Groups[group] is { Success: true } digits ? decimal.Parse(digits.Value, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(@"^2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,7})?)?(Z|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex MomentForm();

    [GeneratedRegex(
        @"^P((?<w>[0-9]{1,9})W|(?=[0-9T])((?<d>[0-9]{1,9})D)?(T(?=[0-9])((?<h>[0-9]{1,9})H)?((?<m>[0-9]{1,9})M)?((?<s>[0-9]{1,9}(\.[0-9]{1,3})?)S)?)?)\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex DurationForm();
}
