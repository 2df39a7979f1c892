namespace ClipiaFlows.LocalRuntime.Durable.Dispatching;

/// <summary>All timers that have not fired, in order of their time, behind one timer of the clock.</summary>
internal sealed class TimerQueue : IDisposable
{
    // A clock's timer takes 49 days at most, and does not count while the machine sleeps.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly SortedSet<PendingTimer> _timers = [];
    private readonly TimeProvider _time;
    private readonly Action<PendingTimer> _fire;
    private readonly ITimer _alarm;
    private long _alarmAt = long.MaxValue;
    private bool _isStopped;

    /// <param name="time">The clock.</param>
    /// <param name="fire">Called once per timer; the caller removes it from the store when it is consumed.</param>
    public TimerQueue(TimeProvider time, Action<PendingTimer> fire)
    {
        _time = time;
        _fire = fire;
        _alarm = time.CreateTimer(_ => FireDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(PendingTimer timer)
    {
        lock (_gate)
        {
            _timers.Add(timer);
            SetAlarm();
        }
    }

    public void Remove(PendingTimer timer)
    {
        lock (_gate) _timers.Remove(timer);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isStopped = true;
            _alarm.Dispose();
        }
    }

    private void FireDue()
    {
        var due = new List<PendingTimer>();
        lock (_gate)
        {
            if (_isStopped) return;
            _alarmAt = long.MaxValue;
            var now = _time.GetUtcNow().UtcTicks;
            while (_timers.Count > 0 && _timers.Min.FireAt <= now)
            {
                due.Add(_timers.Min);
                _timers.Remove(_timers.Min);
            }

            SetAlarm();
        }

        foreach (var timer in due) _fire(timer);
    }

    private void SetAlarm()
    {
        if (_isStopped || _timers.Count == 0 || _timers.Min.FireAt >= _alarmAt) return;
        _alarmAt = _timers.Min.FireAt;
        var delay = TimeSpan.FromTicks(Math.Max(0, _alarmAt - _time.GetUtcNow().UtcTicks));
        // Rounded up: the clock counts milliseconds and must not wake us just before.
        var rounded = TimeSpan.FromMilliseconds(Math.Ceiling(delay.TotalMilliseconds));
        _alarm.Change(rounded < LongestSleep ? rounded : LongestSleep, Timeout.InfiniteTimeSpan);
    }
}
