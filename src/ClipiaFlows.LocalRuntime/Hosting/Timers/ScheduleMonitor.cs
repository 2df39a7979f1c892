using Microsoft.Azure.Functions.Worker;

namespace ClipiaFlows.LocalRuntime.Hosting.Timers;

/// <summary>Follows one schedule across restarts, by the rules of the genuine schedule monitor.</summary>
internal sealed class ScheduleMonitor(string function, TimerSchedule schedule, ScheduleStore store)
{
    /// <summary>The last known state of the schedule; it is set by <see cref="CheckPastDue"/>.</summary>
    public ScheduleStatus Status { get; private set; } = new();

    /// <summary>Whether an occurrence passed while nobody was there to run it.</summary>
    public bool CheckPastDue(DateTime now)
    {
        var stored = store.Read(function);
        if (stored is null)
        {
            Save(new() { Next = schedule.NextAfter(now), LastUpdated = now });
            return false;
        }

        // A schedule that was changed since then counts from the same instant, but without the old occurrence.
        var since = stored.Last == default ? stored.LastUpdated : stored.Last;
        var expected = schedule.NextAfter(since);
        Status = stored;
        if (stored.Next != expected)
            Save(new() { Next = expected, LastUpdated = since });
        return now > Status.Next;
    }

    public void Ran(DateTime at) => Save(new() { Last = at, Next = schedule.NextAfter(at), LastUpdated = at });

    private void Save(ScheduleStatus status)
    {
        Status = status;
        store.Write(function, status);
    }
}
