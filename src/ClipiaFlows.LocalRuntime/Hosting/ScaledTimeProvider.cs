namespace ClipiaFlows.LocalRuntime.Hosting;

/// <summary>A faster clock.</summary>
/// <param name="real">The clock that it follows.</param>
/// <param name="origin">The instant at which both agree.</param>
/// <param name="scale">How many seconds pass on it in a real one.</param>
internal sealed class ScaledTimeProvider(TimeProvider real, DateTimeOffset origin, double scale) : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone => real.LocalTimeZone;

    // Fewer ticks to the second make the same number of ticks a longer time.
    public override long TimestampFrequency => (long)(real.TimestampFrequency / scale);

    public override DateTimeOffset GetUtcNow() => origin + ((real.GetUtcNow() - origin) * scale);

    public override long GetTimestamp() => real.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new ScaledTimer(real.CreateTimer(callback, state, ToReal(dueTime), ToReal(period)), this);

    // Real timers count whole milliseconds from the last whole one, so that they may fire one too early, and one that does would
    // find nothing due: rounded up, and one more.
    private TimeSpan ToReal(TimeSpan span) =>
        span <= TimeSpan.Zero ? span : TimeSpan.FromMilliseconds(Math.Ceiling(span.TotalMilliseconds / scale) + 1);

    private sealed class ScaledTimer(ITimer timer, ScaledTimeProvider clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(clock.ToReal(dueTime), clock.ToReal(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
