using ClipiaFlows.Azurite.Tests.EndToEnd;

namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>The API dies in the middle of a campaign; it keeps what it accepted, as the real one does.</summary>
public sealed class EmulatorDeathTests
{
    [Fact]
    public async Task Emulator_KilledThreeTimesAmongSubmissions_ChargesEachJobOnceAndLosesNothing()
    {
        await using var stage = await Stage.SetAsync(new StageOptions { EmulatorAsProcess = true, ImageSeconds = 8, VideoSeconds = 12 });
        await stage.StartAppAsync();
        var before = await stage.Emulator.LedgerAsync();
        await stage.InsistAsync((app, cancellation) => app.SubmitAsync(Campaigns.Small(images: 12), "twelve", cancellation));
        var id = (await stage.InsistAsync((app, cancellation) => app.SubmitAsync(Campaigns.Small(images: 12), "twelve", cancellation))).Id;

        foreach (var accepted in new[] { 1, 4, 9 })
        {
            await Eventually.TrueAsync(
                async () => (await stage.Emulator.LedgerAsync()).Entries.Count >= accepted, TimeSpan.FromSeconds(60), () => $"Not {accepted} submissions.");
            await stage.KillEmulatorAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(300));
            await stage.StartEmulatorAsync();
        }

        var batch = await stage.EndOfAsync(id);
        var audit = await BatchAudit.OfAsync(stage, batch, before);
        Assert.Empty(audit.Wrong);
        Assert.Equal((13, 13), (batch.Jobs.Succeeded, audit.Submissions));
    }
}
