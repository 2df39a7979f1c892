namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>A clock that runs faster and can be set on; timers under way do not notice that it was.</summary>
/// <param name="origin">The instant at which it agrees with the real clock.</param>
/// <param name="scale">How many of its seconds pass in a real one.</param>
internal sealed class FastClock(DateTimeOffset origin, int scale) : TimeProvider
{
    private long _jumped;

    /// <summary>The instant at which it agrees with the real clock, before it was ever set on.</summary>
    public DateTimeOffset Origin => origin;

    /// <summary>Sets it on.</summary>
    public void Jump(TimeSpan by) => Interlocked.Add(ref _jumped, by.Ticks);

    public override DateTimeOffset GetUtcNow() =>
        origin + ((System.GetUtcNow() - origin) * scale) + TimeSpan.FromTicks(Interlocked.Read(ref _jumped));

    public override long TimestampFrequency => System.TimestampFrequency;

    public override long GetTimestamp() => System.GetTimestamp() * scale;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new FastTimer(System.CreateTimer(callback, state, ToReal(dueTime), ToReal(period)), this);

    // Rounded up to whole milliseconds, the step of real timers.
    private TimeSpan ToReal(TimeSpan span) => span <= TimeSpan.Zero ? span : TimeSpan.FromMilliseconds(Math.Ceiling(span.TotalMilliseconds / scale));

    private sealed class FastTimer(ITimer real, FastClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => real.Change(clock.ToReal(dueTime), clock.ToReal(period));

        public void Dispose() => real.Dispose();

        public ValueTask DisposeAsync() => real.DisposeAsync();
    }
}
