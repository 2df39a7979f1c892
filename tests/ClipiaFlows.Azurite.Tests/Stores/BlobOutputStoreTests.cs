using Azure;
using System.Security.Cryptography;
using ClipiaFlows.Media;

namespace ClipiaFlows.Azurite.Tests.Stores;

public sealed class BlobOutputStoreTests
{
    private static readonly MediaType Png = new("image/png", "png");
    private static readonly OutputIdentity First = new("hero", Attempt: 1, Index: 0);

    [Theory]
    [InlineData(1)]
    [InlineData(5 * 1024 * 1024)]
    public async Task Save_NewPath_StoresContentWithItsHash(int length)
    {
        var store = new BlobOutputStore(await SharedAzurite.NewContainerAsync());
        var content = RandomNumberGenerator.GetBytes(length);

        var stored = await SaveAsync(store, First, content);

        Assert.Equal((length, Convert.ToHexStringLower(SHA256.HashData(content))), (stored.Bytes, stored.Sha256));
        Assert.Equal(content, await ReadAsync(store));
    }

    [Fact]
    public async Task Save_SameIdentityAgain_KeepsTheFirst()
    {
        var store = new BlobOutputStore(await SharedAzurite.NewContainerAsync());
        var first = await SaveAsync(store, First, [1, 2, 3]);

        var again = await SaveAsync(store, First, [9, 9]);

        Assert.Equal(first, again);
        Assert.Equal([1, 2, 3], await ReadAsync(store));
    }

    [Fact]
    public async Task Save_NewerAttemptOfTheSameJob_Replaces()
    {
        var store = new BlobOutputStore(await SharedAzurite.NewContainerAsync());
        await SaveAsync(store, First, [1]);

        await SaveAsync(store, First with { Attempt = 2 }, [2]);
        await SaveAsync(store, First, [3]);

        Assert.Equal([2], await ReadAsync(store));
    }

    [Fact]
    public async Task Save_AFileOfADeletedBatchOfThatId_Replaces()
    {
        var store = new BlobOutputStore(await SharedAzurite.NewContainerAsync());
        await SaveAsync(store, First with { Attempt = 2, Seed = "0123456789abcdef" }, [1]);

        var stored = await SaveAsync(store, new("renamed", 1, 0, Seed: "fedcba9876543210"), [2, 2]);
        await store.DeleteAsync("spring", "hero.png", First with { Attempt = 2, Seed = "0123456789abcdef" }, CancellationToken.None);

        Assert.Equal(2, stored.Bytes);
        Assert.Equal([2, 2], await ReadAsync(store));
    }

    [Fact]
    public async Task Save_PathOfAnotherJob_IsRefusedAndKept()
    {
        var store = new BlobOutputStore(await SharedAzurite.NewContainerAsync());
        await SaveAsync(store, First, [1]);

        var refused = await Assert.ThrowsAsync<MediaException>(() => SaveAsync(store, First with { Job = "other" }, [2]));

        Assert.Equal("output_path_taken", refused.Code);
        Assert.Equal([1], await ReadAsync(store));
    }

    [Fact]
    public async Task Save_ContentBreaksOff_StoresNothing()
    {
        var store = new BlobOutputStore(await SharedAzurite.NewContainerAsync());

        await Assert.ThrowsAsync<MediaException>(() =>
            store.SaveAsync("spring", "hero.png", Png, First, new BrokenStream(), CancellationToken.None));

        Assert.Null(await store.OpenAsync("spring", "hero.png", long.MaxValue, CancellationToken.None));
    }

    [Fact]
    public async Task Delete_OfAnotherIdentityOrTwice_TakesOnlyItsOwn()
    {
        var store = new BlobOutputStore(await SharedAzurite.NewContainerAsync());
        await SaveAsync(store, First, [1]);

        await store.DeleteAsync("spring", "hero.png", First with { Attempt = 2 }, CancellationToken.None);
        Assert.Equal([1], await ReadAsync(store));

        await store.DeleteAsync("spring", "hero.png", First, CancellationToken.None);
        await store.DeleteAsync("spring", "hero.png", First, CancellationToken.None);
        Assert.Null(await store.OpenAsync("spring", "hero.png", long.MaxValue, CancellationToken.None));
    }

    [Fact]
    public async Task Open_MissingPath_IsNothing() => Assert.Null(
        await new BlobOutputStore(await SharedAzurite.NewContainerAsync()).OpenAsync("spring", "hero.png", long.MaxValue, CancellationToken.None));

    [Theory]
    [InlineData(0, 3, 3)]
    [InlineData(8_999_999, 1, long.MaxValue)]
    [InlineData(4_000_000, 5_000_000, 1_000_000)]
    [InlineData(9_000_000, 0, long.MaxValue)]
    public async Task Open_ReadFromAnyPlaceInPartsOfAnySize_GivesThoseBytes(int from, int count, long maxPart)
    {
        var bytes = new byte[9_000_000];
        new Random(7).NextBytes(bytes);
        var store = new BlobOutputStore(await SharedAzurite.NewContainerAsync());
        await SaveAsync(store, First, bytes);

        var file = (await store.OpenAsync("spring", "hero.png", maxPart, CancellationToken.None))!;
        await using var content = file.Content;
        content.Seek(from, SeekOrigin.Begin);
        var read = new byte[count];
        await content.ReadExactlyAsync(read);

        Assert.Equal(bytes[from..(from + count)], read);
        Assert.Equal((9_000_000, from + count), (content.Length, content.Position));
        Assert.Equal(from + count < bytes.Length ? 1 : 0, await content.ReadAsync(new byte[1]));
    }

    [Fact]
    public async Task Open_FileIsReplacedWhileItIsRead_FailsInsteadOfMixingTheTwo()
    {
        var store = new BlobOutputStore(await SharedAzurite.NewContainerAsync());
        await SaveAsync(store, First, [1, 2, 3, 4]);
        var file = (await store.OpenAsync("spring", "hero.png", maxPart: 2, CancellationToken.None))!;
        await using var content = file.Content;
        await content.ReadExactlyAsync(new byte[2]);

        await SaveAsync(store, First with { Attempt = 2 }, [5, 6, 7, 8]);

        var replaced = await Assert.ThrowsAsync<RequestFailedException>(async () => await content.ReadExactlyAsync(new byte[2]));
        Assert.Equal(412, replaced.Status);
    }

    private static async Task<StoredFile> SaveAsync(BlobOutputStore store, OutputIdentity identity, byte[] content)
    {
        using var stream = new MemoryStream(content);
        return await store.SaveAsync("spring", "hero.png", Png, identity, stream, CancellationToken.None);
    }

    private static async Task<byte[]> ReadAsync(BlobOutputStore store)
    {
        var file = await store.OpenAsync("spring", "hero.png", long.MaxValue, CancellationToken.None);
        Assert.Equal("image/png", file!.ContentType);
        using var bytes = new MemoryStream();
        await file.Content.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new MediaException("media_cut_short", "It broke off.", mayPass: true);
    }
}
