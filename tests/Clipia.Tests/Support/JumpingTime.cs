using System.Collections.Concurrent;

namespace Clipia.Tests.Support;

/// <summary>A clock on which every pause is over at once, and which then shows the time after it.</summary>
public sealed class JumpingTime(DateTimeOffset start) : TimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _pauses = new();
    private long _ticks;

    public JumpingTime() : this(new DateTimeOffset(2026, 6, 1, 9, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>The pauses that were made, in order.</summary>
    public IReadOnlyList<TimeSpan> Pauses => [.. _pauses];

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => start.AddTicks(Interlocked.Read(ref _ticks));

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            _pauses.Enqueue(dueTime);
            Advance(dueTime);
            ThreadPool.QueueUserWorkItem(_ => callback(state));
        }
        return new Rung();
    }

    private sealed class Rung : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
