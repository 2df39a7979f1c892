using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace ClipiaFlows.Azurite.Tests.Blobs;

/// <summary>What the product expects of blobs: ranges, conditions, checksums.</summary>
public sealed class BlobTests
{
    [Fact]
    public async Task UploadAsync_ManyBlocks_ComesBackEqual()
    {
        var container = await SharedAzurite.NewContainerAsync();
        var bytes = new byte[5 << 20];
        new Random(1).NextBytes(bytes);
        var blob = container.GetBlobClient("outputs/b/clip.mp4");

        await blob.UploadAsync(
            BinaryData.FromBytes(bytes),
            new BlobUploadOptions
            {
                TransferOptions = new() { InitialTransferSize = 1 << 20, MaximumTransferSize = 1 << 20 },
                TransferValidation = new() { ChecksumAlgorithm = Azure.Storage.StorageChecksumAlgorithm.MD5 },
            });

        Assert.Equal(bytes, (await blob.DownloadContentAsync()).Value.Content.ToArray());
    }

    [Fact]
    public async Task UploadAsync_IfNoneMatchAll_IsRefusedTheSecondTime()
    {
        var blob = (await SharedAzurite.NewContainerAsync()).GetBlobClient("deliveries/j/1.json");
        var once = new BlobUploadOptions { Conditions = new() { IfNoneMatch = ETag.All } };
        await blob.UploadAsync(BinaryData.FromString("first"), once);

        var refused = await Assert.ThrowsAsync<RequestFailedException>(() => blob.UploadAsync(BinaryData.FromString("second"), once));

        Assert.Equal((409, "BlobAlreadyExists"), (refused.Status, refused.ErrorCode));
        Assert.Equal("first", (await blob.DownloadContentAsync()).Value.Content.ToString());
    }

    [Fact]
    public async Task CommitBlockListAsync_WithMetadata_CommitsBothAtOnce()
    {
        var blob = (await SharedAzurite.NewContainerAsync()).GetBlockBlobClient("outputs/b/still.png");
        string[] ids = [Id("0"), Id("1")];
        await blob.StageBlockAsync(ids[0], new MemoryStream("he"u8.ToArray()));
        await blob.StageBlockAsync(ids[1], new MemoryStream("llo"u8.ToArray()));
        Assert.False(await blob.ExistsAsync());

        await blob.CommitBlockListAsync(ids, new CommitBlockListOptions { Metadata = new Dictionary<string, string> { ["job"] = "17" } });

        var stored = (await blob.DownloadContentAsync()).Value;
        Assert.Equal("hello", stored.Content.ToString());
        Assert.Equal("17", stored.Details.Metadata["job"]);
    }

    [Fact]
    public async Task UploadAsync_StaleIfMatch_IsRefused()
    {
        var blob = (await SharedAzurite.NewContainerAsync()).GetBlobClient("summary.json");
        var first = (await blob.UploadAsync(BinaryData.FromString("1"))).Value.ETag;
        await blob.UploadAsync(BinaryData.FromString("2"), overwrite: true);

        var stale = await Assert.ThrowsAsync<RequestFailedException>(() => blob.UploadAsync(
            BinaryData.FromString("3"), new BlobUploadOptions { Conditions = new() { IfMatch = first } }));

        Assert.Equal((412, "ConditionNotMet"), (stale.Status, stale.ErrorCode));
    }

    private static string Id(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
