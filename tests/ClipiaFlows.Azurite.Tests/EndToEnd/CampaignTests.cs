using Azure.Storage.Blobs;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

[Collection(SharedStackUsers.Name)]
public sealed class CampaignTests(SharedStackFixture shared) : IAsyncLifetime
{
    private readonly RunningStack _stack = shared.Running;

    public Task InitializeAsync() => _stack.Emulator.BehaveAsync();

    public Task DisposeAsync() => _stack.Emulator.BehaveAsync();

    [Fact]
    public async Task SpringCampaign_Undisturbed_EveryJobChargedOnceAndStored()
    {
        var before = await _stack.Emulator.LedgerAsync();

        var batch = await _stack.RunAsync(Campaigns.Spring());

        await ChargedOnce.VerifyAsync(_stack, batch, before);
        var blobs = new BlobContainerClient(_stack.Local.StorageConnectionString, "outputs").GetBlobsAsync(new() { Prefix = batch.Id + "/" });
        Assert.Equal(batch.Jobs.Total, await blobs.CountAsync(blob => blob.Name.EndsWith(".png", StringComparison.Ordinal) || blob.Name.EndsWith(".mp4", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task SmallCampaign_EveryWebhookTwice_ChangesNothing()
    {
        await _stack.Emulator.MisbehaveAsync(new { effect = "duplicate_webhook" });
        var before = await _stack.Emulator.LedgerAsync();

        var batch = await _stack.RunAsync(Campaigns.Small(images: 4));

        await ChargedOnce.VerifyAsync(_stack, batch, before);
    }
}
