using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Stores;

public sealed class InMemoryStateBlobsTests : StateBlobsContract
{
    protected override Task<IStateBlobs> CreateStoreAsync() => Task.FromResult<IStateBlobs>(new InMemoryStateBlobs());
}
