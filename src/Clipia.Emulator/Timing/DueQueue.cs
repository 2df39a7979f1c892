namespace Clipia.Emulator;

/// <summary>Runs actions when their time has come, in that order, with one timer for the earliest of them.</summary>
internal sealed class DueQueue : IDisposable
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly PriorityQueue<Action, long> _actions = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private bool _disposed;

    public DueQueue(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(_ => RunDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What is due already runs at once, on another thread.</summary>
    public void Schedule(DateTimeOffset at, Action action)
    {
        if (at <= _time.GetUtcNow())
        {
            ThreadPool.QueueUserWorkItem(static action => action(), action, preferLocal: false);
            return;
        }
        lock (_gate)
        {
            var sooner = !_actions.TryPeek(out _, out var earliest) || at.UtcTicks < earliest;
            _actions.Enqueue(action, at.UtcTicks);
            if (sooner)
                Arm();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _actions.Clear();
        }
        _timer.Dispose();
    }

    private void RunDue()
    {
        while (TryTakeDue(out var action))
            action();
    }

    private bool TryTakeDue(out Action action)
    {
        lock (_gate)
        {
            if (!_disposed && _actions.TryPeek(out action!, out var due))
            {
                if (due <= _time.GetUtcNow().UtcTicks)
                {
                    _actions.Dequeue();
                    return true;
                }
                Arm();
            }
            action = static () => { };
            return false;
        }
    }

    private void Arm()
    {
        if (_disposed || !_actions.TryPeek(out _, out var due))
            return;
        // Timers count in milliseconds; rounding up saves a wake-up that comes a moment too early.
        var wait = Math.Clamp(Math.Ceiling((due - _time.GetUtcNow().UtcTicks) / (double)TimeSpan.TicksPerMillisecond), 0, LongestSleep.TotalMilliseconds);
        _timer.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
    }
}
