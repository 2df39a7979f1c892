using ClipiaFlows.LocalRuntime.Durable.Dispatching;
using ClipiaFlows.LocalRuntime.Tests.Support;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

public sealed class TimerQueueTests
{
    private readonly VirtualTime _time = new();
    private readonly List<int> _fired = [];

    [Fact]
    public void Add_InAnyOrder_FireInOrderOfTime()
    {
        using var queue = Create();
        foreach (var hours in new[] { 5, 1, 3 }) queue.Add(In(hours));

        _time.Advance(TimeSpan.FromHours(4));

        Assert.Equal([1, 3], _fired);
    }

    [Fact]
    public void Add_InThePast_FiresAtOnce()
    {
        using var queue = Create();
        queue.Add(In(-1));

        _time.Advance(TimeSpan.Zero);

        Assert.Equal([-1], _fired);
    }

    [Fact]
    public void Remove_BeforeItsTime_NeverFires()
    {
        using var queue = Create();
        queue.Add(In(1));
        queue.Add(In(2));
        queue.Remove(In(1));

        _time.Advance(TimeSpan.FromDays(400));

        Assert.Equal([2], _fired);
    }

    private TimerQueue Create() => new(_time, timer => _fired.Add(timer.TaskId));

    private static PendingTimer In(int hours) =>
        new(new VirtualTime().GetUtcNow().AddHours(hours).UtcTicks, Key: 1, hours, Generation: 0);
}
