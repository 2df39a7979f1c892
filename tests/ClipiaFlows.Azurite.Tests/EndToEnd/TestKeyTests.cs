namespace ClipiaFlows.Azurite.Tests.EndToEnd;

public sealed class TestKeyTests
{
    [Fact]
    public async Task SmallCampaign_TestKey_FinishesWithoutACharge()
    {
        await using var stack = await RunningStack.StartAsync(testKey: true);

        // The webhook is on its way before the answer to the submission: a test key's generation is done at once.
        var batch = await stack.RunAsync(Campaigns.Small(images: 4));

        Assert.True(batch.IsSuccess, batch.Raw.GetRawText());
        var ledger = await stack.Emulator.LedgerAsync();
        Assert.Equal(0, ledger.Charged);
        Assert.Empty(ledger.Entries);
        await ChargedOnce.VerifyFilesAsync(stack, batch, await stack.ResultsAsync(batch.Id));
    }
}
