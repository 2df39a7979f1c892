namespace ClipiaFlows.LocalRuntime.Tests.Support;

/// <summary>Polls until something holds.</summary>
internal static class Eventually
{
    public static async Task Async(Func<Task<bool>> holds)
    {
        var deadline = DateTime.UtcNow + EngineHarness.Patience;
        while (!await holds())
        {
            Assert.True(DateTime.UtcNow < deadline, "It did not come true in time.");
            await Task.Delay(10);
        }
    }

    public static Task Holds(Func<bool> holds) => Async(() => Task.FromResult(holds()));
}
