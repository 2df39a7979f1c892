using System.Globalization;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

/// <summary>What a laptop has to spare for a campaign.</summary>
/// <remarks>On a stack of its own: the shared one has read the manifests of other tests, whose memory it may keep.</remarks>
public sealed class MemoryTests
{
    [Fact]
    public async Task SpringCampaign_ThreeTimes_TakesLessThan300Megabytes()
    {
        await using var stack = await RunningStack.StartAsync();

        for (var n = 0; n < 3; n++)
            await stack.RunAsync(Campaigns.Spring());

        Assert.True(PeakMemory(stack.Local.AppProcessId) < 300, $"The app took {PeakMemory(stack.Local.AppProcessId)} MB.");
    }

    /// <summary>In megabytes; 0 where the system does not tell.</summary>
    private static int PeakMemory(int processId)
    {
        var status = $"/proc/{processId}/status";
        var line = File.Exists(status) ? File.ReadLines(status).FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) : null;
        return line is null ? 0 : int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
