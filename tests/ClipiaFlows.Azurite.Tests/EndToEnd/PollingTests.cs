namespace ClipiaFlows.Azurite.Tests.EndToEnd;

public sealed class PollingTests
{
    [Fact]
    public async Task SmallCampaign_EveryWebhookDropped_PollingFinishesIt()
    {
        await using var stack = await RunningStack.StartAsync(clockScale: 10);
        await stack.Emulator.MisbehaveAsync(new { effect = "drop_webhook" });
        var before = await stack.Emulator.LedgerAsync();

        var batch = await stack.RunAsync(Campaigns.Small(images: 4));

        await ChargedOnce.VerifyAsync(stack, batch, before);
    }

    [Fact]
    public async Task SmallCampaign_AppWithoutPublicAddress_AsksForNoWebhookAndPolls()
    {
        await using var stack = await RunningStack.StartAsync(webhooks: false, clockScale: 10);
        var before = await stack.Emulator.LedgerAsync();

        var batch = await stack.RunAsync(Campaigns.Small(images: 2));

        await ChargedOnce.VerifyAsync(stack, batch, before);
        Assert.DoesNotContain("api/webhooks", (await stack.Emulator.GetAsync("requests")).GetRawText(), StringComparison.Ordinal);
    }
}
