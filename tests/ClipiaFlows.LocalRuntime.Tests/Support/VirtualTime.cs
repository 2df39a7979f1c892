namespace ClipiaFlows.LocalRuntime.Tests.Support;

/// <summary>A clock that stands until a test moves it; timers fire while it moves, in order.</summary>
internal sealed class VirtualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<VirtualTimer> _timers = [];
    private DateTimeOffset _now = start;

    public VirtualTime()
        : this(new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero))
    {
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>The next instant at which something is due; null when nothing is.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_gate) return _timers.Count == 0 ? null : _timers.Min(timer => timer.Due);
        }
    }

    public void Advance(TimeSpan by) => AdvanceTo(GetUtcNow() + by);

    public void AdvanceTo(DateTimeOffset instant)
    {
        while (true)
        {
            VirtualTimer? due;
            lock (_gate)
            {
                due = _timers.Where(timer => timer.Due <= instant).MinBy(timer => timer.Due);
                if (due is null)
                {
                    if (instant > _now) _now = instant;
                    return;
                }

                if (due.Due > _now) _now = due.Due;
                _timers.Remove(due);
            }

            due.Fire();
        }
    }

    private sealed class VirtualTimer(VirtualTime clock, Action callback) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public void Fire() => callback();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = clock._now + dueTime;
                clock._timers.Add(this);
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock._gate) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
