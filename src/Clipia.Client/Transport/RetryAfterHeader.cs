using System.Globalization;
using System.Net.Http.Headers;

namespace Clipia;

/// <summary>Reads <c>Retry-After</c>: seconds (a fraction is tolerated) or a date; never negative, at most a day.</summary>
internal static class RetryAfterHeader
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (!headers.TryGetValues("Retry-After", out var values))
            return null;

        var text = string.Join(", ", values).Trim();
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
            return seconds >= (decimal)Longest.TotalSeconds ? Longest : TimeSpan.FromSeconds((double)seconds);
        if (RetryConditionHeaderValue.TryParse(text, out var condition) && condition.Date is { } date)
            return date <= now ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min((date - now).Ticks, Longest.Ticks));
        return null;
    }
}
