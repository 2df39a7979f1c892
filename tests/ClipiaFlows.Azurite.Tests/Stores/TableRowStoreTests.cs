using ClipiaFlows.Stores;
using ClipiaFlows.Tests.Stores;

namespace ClipiaFlows.Azurite.Tests.Stores;

public sealed class TableRowStoreTests : RowStoreContract
{
    protected override async Task<IRowStore> CreateStoreAsync() => new TableRowStore(await SharedAzurite.NewTableAsync());
}
