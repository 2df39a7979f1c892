using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Stores;

public sealed class InMemoryRowStoreTests : RowStoreContract
{
    protected override Task<IRowStore> CreateStoreAsync() => Task.FromResult<IRowStore>(new InMemoryRowStore());
}
