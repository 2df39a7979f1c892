using System.Diagnostics;

namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>Storage that hangs or is restarted in the middle of a campaign. Azurite saves every few seconds, so it is not killed.</summary>
public sealed class AzuriteTroubleTests
{
    [Fact]
    public async Task Azurite_FrozenForFiveSeconds_TheCampaignEndsRight()
    {
        await using var stage = await Stage.SetAsync();
        await RunAsync(stage, async () =>
        {
            Signal(stage.Azurite.Id, "STOP");
            await Task.Delay(TimeSpan.FromSeconds(5));
            Signal(stage.Azurite.Id, "CONT");
        });
    }

    [Fact]
    public async Task Azurite_RestartedGracefully_TheCampaignEndsRight()
    {
        await using var stage = await Stage.SetAsync(new StageOptions { StorageOnDisk = true });
        await RunAsync(stage, async () =>
        {
            await stage.Azurite.DisposeAsync();
            await stage.StartAzuriteAsync();
        });
    }

    private static async Task RunAsync(Stage stage, Func<Task> trouble)
    {
        await stage.Emulator.MisbehaveAsync(new { effect = "fail", input_seed = KillCampaign.FailingSeed });
        await stage.StartAppAsync();
        var before = await stage.Emulator.LedgerAsync();
        await stage.InsistAsync((app, cancellation) => app.SubmitAsync(KillCampaign.Manifest("trouble"), null, cancellation));
        await stage.UntilAsync(
            async (app, cancellation) => (await app.GetBatchAsync("trouble", cancellation)).Jobs is { Generating: > 0 } or { Succeeded: > 0 }, "Nothing was submitted");

        await trouble();

        var batch = await stage.EndOfAsync("trouble");
        Assert.Null(await Quiet.LackingAsync(stage, "trouble"));
        Assert.Empty((await BatchAudit.OfAsync(stage, batch, before)).Wrong);
        Assert.Equal((4, 1, 1), (batch.Jobs.Succeeded, batch.Jobs.Failed, batch.Jobs.Canceled));
    }

    private static void Signal(int process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }
}
