using Azure.Storage.Blobs;
using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Stores;

namespace ClipiaFlows.Azurite.Tests.Stores;

public sealed class AzureStateBlobsTests : StateBlobsContract
{
    protected override async Task<IStateBlobs> CreateStoreAsync()
    {
        var service = new BlobServiceClient(await SharedAzurite.ConnectionStringAsync());
        await service.GetBlobContainerClient("plans").CreateIfNotExistsAsync();
        return new AzureStateBlobs(service);
    }
}
