using System.Diagnostics;
using ClipiaFlows.LocalRuntime.Hosting;

namespace ClipiaFlows.LocalRuntime.Tests.Hosting;

public sealed class ScaledTimeProviderTests
{
    private static readonly DateTimeOffset Origin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void GetUtcNow_RealTimePasses_RunsScaleTimesAsFastFromTheOrigin()
    {
        var real = new FixedTime { Now = Origin.AddSeconds(3) };

        Assert.Equal(Origin.AddSeconds(7.5), new ScaledTimeProvider(real, Origin, 2.5).GetUtcNow());
    }

    [Fact]
    public void GetElapsedTime_RealTimePasses_IsScaledToo()
    {
        var time = new ScaledTimeProvider(TimeProvider.System, Origin, 10);

        Assert.Equal(10, time.GetElapsedTime(0, TimeProvider.System.TimestampFrequency).TotalSeconds, 0.0001);
    }

    [Fact]
    public async Task Delay_OnTheScaledClock_EndsWhenItsTimeHasPassedThere()
    {
        var time = new ScaledTimeProvider(TimeProvider.System, TimeProvider.System.GetUtcNow(), 10);
        var start = time.GetUtcNow();
        var watch = Stopwatch.StartNew();

        await Task.Delay(TimeSpan.FromSeconds(2), time);

        Assert.InRange(time.GetUtcNow() - start, TimeSpan.FromSeconds(1.99), TimeSpan.MaxValue);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"took {watch.Elapsed}");
    }

    private sealed class FixedTime : TimeProvider
    {
        public DateTimeOffset Now { get; init; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
