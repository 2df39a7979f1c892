using System.Globalization;
using System.Net.Http.Headers;

namespace Clipia;

/// <summary>Reads <c>RateLimit-*</c>, else <c>X-RateLimit-*</c>. Their formats are not documented, so nothing here may fail.</summary>
internal static class RateLimitHeaders
{
    private const long OldestPlausibleUnixTime = 1_000_000_000;

    public static RateLimit? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        var limit = Read(headers, "Limit");
        var remaining = Read(headers, "Remaining");
        var reset = Read(headers, "Reset");
        return limit is null && remaining is null && reset is null
            ? null
            : new RateLimit(Count(limit), Count(remaining), Duration(reset, now));
    }

    private static long? Read(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues($"RateLimit-{name}", out var values) || headers.TryGetValues($"X-RateLimit-{name}", out values)
            ? LeadingInteger(values.First())
            : null;

    // "120" and "120, 120;w=60" are both in use; a fraction of a second is rounded down.
    private static long? LeadingInteger(string value)
    {
        var text = value.AsSpan().Trim();
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        return long.TryParse(digits < 0 ? text : text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }

    private static int? Count(long? number) => number <= int.MaxValue ? (int)number : null;

    // Some services give the reset as a point in time.
    private static TimeSpan? Duration(long? seconds, DateTimeOffset now)
    {
        var left = seconds >= OldestPlausibleUnixTime ? seconds - now.ToUnixTimeSeconds() : seconds;
        return left is { } value ? TimeSpan.FromSeconds(Math.Clamp(value, 0, 86_400)) : null;
    }
}
