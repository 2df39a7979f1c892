namespace Clipia.Emulator;

/// <summary>A clock that runs faster: now = origin + (real now - origin) × scale. Timers fire earlier accordingly.</summary>
internal sealed class ScaledTimeProvider : TimeProvider
{
    private readonly DateTimeOffset _origin;
    private readonly double _scale;

    public ScaledTimeProvider(DateTimeOffset origin, double scale)
    {
        if (scale is not (>= 1 and <= 10))
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "Clock:Scale must be between 1 and 10.");
        _origin = origin;
        _scale = scale;
    }

    public override long TimestampFrequency => System.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _origin + (System.GetUtcNow() - _origin) * _scale;

    public override long GetTimestamp() => (long)(System.GetTimestamp() * _scale);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new ScaledTimer(System.CreateTimer(callback, state, ToReal(dueTime), ToReal(period)), this);

    private TimeSpan ToReal(TimeSpan span) => span == Timeout.InfiniteTimeSpan ? span : span / _scale;

    private sealed class ScaledTimer(ITimer real, ScaledTimeProvider clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => real.Change(clock.ToReal(dueTime), clock.ToReal(period));
        public void Dispose() => real.Dispose();
        public ValueTask DisposeAsync() => real.DisposeAsync();
    }
}
