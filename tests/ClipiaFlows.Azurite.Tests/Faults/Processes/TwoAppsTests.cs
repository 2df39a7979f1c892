namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>The app is started twice by mistake.</summary>
public sealed class TwoAppsTests
{
    [Fact]
    public async Task App_StartedTwiceOnOneState_TheSecondSaysSoInOneSentenceAndEndsWith1()
    {
        await using var stage = await Stage.SetAsync();
        await stage.StartAppAsync();
        var settings = stage.Settings();
        settings["LocalRuntime__Port"] = "0";

        await using var second = KillHost.Start(settings, stage.StateFolder);

        Assert.Equal(1, await second.ExitAsync(TimeSpan.FromSeconds(60)));
        var line = Assert.Single(second.Log.Split('\n'));
        Assert.Equal($"error: The state in '{Path.Combine(stage.StateFolder, "durable.db")}' is in use by another process. Stop it, or use another data directory.", line);
        Assert.False(stage.Host.IsGone);
    }

    [Fact]
    public async Task App_StartedTwiceWithTwoStatesOnOneStorage_NothingIsPaidTwiceOrLost()
    {
        await using var stage = await Stage.SetAsync();
        using var otherState = new TemporaryFolder();
        await stage.Emulator.MisbehaveAsync(new { effect = "fail", input_seed = KillCampaign.FailingSeed });
        await stage.StartAppAsync();
        var settings = stage.Settings();
        (settings["LocalRuntime__Port"], settings["LocalRuntime__DataDirectory"]) = ("0", otherState.Path);
        await using var second = KillHost.Start(settings, otherState.Path);
        await second.ListeningAsync();
        var before = await stage.Emulator.LedgerAsync();

        await stage.InsistAsync((app, cancellation) => app.SubmitAsync(KillCampaign.Manifest("shared"), null, cancellation));
        var batch = await stage.EndOfAsync("shared");

        Assert.Null(await Quiet.LackingAsync(stage, "shared", otherState: otherState.Path));
        Assert.Empty((await BatchAudit.OfAsync(stage, batch, before)).Wrong);
        Assert.Equal((4, 1, 1), (batch.Jobs.Succeeded, batch.Jobs.Failed, batch.Jobs.Canceled));
        Assert.False(second.IsGone);
    }
}
