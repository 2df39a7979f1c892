using ClipiaFlows.LocalRuntime.Tests.Support;

namespace ClipiaFlows.LocalRuntime.Tests.Hosting;

/// <summary>Moves virtual time past code that runs on threads of its own.</summary>
internal static class VirtualTimeSteps
{
    /// <summary>Advances in steps until something has happened; time stands while nothing waits for it.</summary>
    public static async Task AdvanceUntilAsync(this VirtualTime time, Func<bool> happened, TimeSpan step)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!happened())
        {
            await Task.Delay(5, limit.Token);
            if (time.NextDue is not null)
                time.Advance(step);
        }
    }
}
