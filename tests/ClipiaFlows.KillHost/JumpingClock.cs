using ClipiaFlows.LocalRuntime.Hosting.Settings;
using ClipiaFlows.LocalRuntime.Hosting.Startup;
using Microsoft.Extensions.Configuration;

namespace ClipiaFlows.KillHost;

/// <summary>The app's clock, which can be set on as a person or a time server does: timers under way do not notice.</summary>
internal sealed class JumpingClock(IConfiguration configuration) : TimeProvider
{
    private readonly TimeProvider _clock = RuntimeSettings.Read(configuration, new Problems()).CreateClock();
    private long _ticks;

    /// <summary>Sets the clock on, or back.</summary>
    public void Jump(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    public override long TimestampFrequency => _clock.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => _clock.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => _clock.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    public override long GetTimestamp() => _clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _clock.CreateTimer(callback, state, dueTime, period);
}
