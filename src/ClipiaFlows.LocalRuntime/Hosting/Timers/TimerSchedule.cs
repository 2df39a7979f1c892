using System.Globalization;
using NCrontab;

namespace ClipiaFlows.LocalRuntime.Hosting.Timers;

/// <summary>When a timer function is due, in UTC as on Azure without a time zone of its own.</summary>
internal sealed class TimerSchedule
{
    private readonly Func<DateTime, DateTime> _next;

    private TimerSchedule(Func<DateTime, DateTime> next) => _next = next;

    /// <summary>The first occurrence after that instant; <see cref="DateTime.MaxValue"/> when there is none.</summary>
    public DateTime NextAfter(DateTime instant) => DateTime.SpecifyKind(_next(instant), DateTimeKind.Utc);

    /// <summary>Whether two of the next occurrences are less than a minute apart; such schedules are not monitored.</summary>
    public bool IsFasterThanAMinute(DateTime from)
    {
        var previous = NextAfter(from);
        for (var i = 0; i < 5 && previous < DateTime.MaxValue; i++)
        {
            var next = NextAfter(previous);
            if (next - previous < TimeSpan.FromMinutes(1))
                return true;
            previous = next;
        }

        return false;
    }

    /// <summary>Reads an NCRONTAB expression of six or five fields, or a TimeSpan such as <c>00:00:30</c>.</summary>
    public static TimerSchedule? TryParse(string expression, out string? problem)
    {
        problem = null;
        if (TimeSpan.TryParse(expression, CultureInfo.InvariantCulture, out var period))
        {
            if (period > TimeSpan.Zero)
                return new(instant => instant + period);
            problem = "the time between two runs must be longer than zero";
            return null;
        }

        var fields = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Length;
        try
        {
            var cron = CrontabSchedule.Parse(expression, new() { IncludingSeconds = fields == 6 });
            return new(instant => cron.GetNextOccurrence(instant));
        }
        catch (CrontabException bad)
        {
            problem = bad.Message;
            return null;
        }
    }
}
