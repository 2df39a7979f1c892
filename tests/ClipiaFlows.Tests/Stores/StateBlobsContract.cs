using System.Text;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Tests.Stores;

/// <summary>What the product relies on, whatever holds the papers.</summary>
public abstract class StateBlobsContract
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly string _name = $"plans/{Guid.NewGuid():N}.jsonl";

    protected abstract Task<IStateBlobs> CreateStoreAsync();

    [Fact]
    public async Task TryAdd_NameTaken_KeepsTheFirst()
    {
        var store = await CreateStoreAsync();

        Assert.True(await store.TryAddAsync(_name, Text("first"), "text/plain", None));
        Assert.False(await store.TryAddAsync(_name, Text("second"), "text/plain", None));

        Assert.Equal("first", await ReadAsync(store));
    }

    [Fact]
    public async Task Put_NameTaken_Replaces()
    {
        var store = await CreateStoreAsync();
        await store.PutAsync(_name, Text("first"), "text/plain", None);
        await store.PutAsync(_name, Text("second"), "text/plain", None);

        Assert.Equal("second", await ReadAsync(store));
    }

    [Fact]
    public async Task Read_Part_GivesExactlyIt()
    {
        var store = await CreateStoreAsync();
        await store.PutAsync(_name, Text("0123456789"), "text/plain", None);

        var part = await store.ReadAsync(_name, 3, 4, None);

        Assert.Equal("3456", Encoding.UTF8.GetString(part!.Value.Span));
    }

    [Fact]
    public async Task OpenAndRead_MissingName_GiveNull()
    {
        var store = await CreateStoreAsync();

        Assert.Null(await store.OpenAsync(_name, None));
        Assert.Null(await store.ReadAsync(_name, 0, 4, None));
    }

    private async Task<string> ReadAsync(IStateBlobs store)
    {
        await using var stream = (await store.OpenAsync(_name, None))!;
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private static MemoryStream Text(string text) => new(Encoding.UTF8.GetBytes(text));
}
