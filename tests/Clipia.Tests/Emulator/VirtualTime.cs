namespace Clipia.Tests.Emulator;

/// <summary>A clock that stands still until it is told to go on; timers fire in order, each at its own time.</summary>
public sealed class VirtualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Alarm> _alarms = [];
    private DateTimeOffset _now = new(2026, 6, 1, 9, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public void Advance(double seconds)
    {
        var end = GetUtcNow() + TimeSpan.FromSeconds(seconds);
        while (TakeNext(end) is { } alarm)
            alarm.Ring();
        lock (_gate)
            _now = end;
    }

    /// <summary>Whether somebody waits for a time at most so far away.</summary>
    public bool HasAlarmWithin(double seconds)
    {
        lock (_gate)
            return _alarms.Any(alarm => alarm.At <= _now + TimeSpan.FromSeconds(seconds));
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, callback, state);
        alarm.Change(dueTime, period);
        return alarm;
    }

    private Alarm? TakeNext(DateTimeOffset end)
    {
        lock (_gate)
        {
            var next = _alarms.Where(alarm => alarm.At <= end).MinBy(alarm => alarm.At);
            if (next is null)
                return null;
            _alarms.Remove(next);
            _now = next.At > _now ? next.At : _now;
            return next;
        }
    }

    private sealed class Alarm(VirtualTime clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset At { get; private set; }

        public void Ring() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._alarms.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                At = clock._now + dueTime;
                clock._alarms.Add(this);
            }
            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
