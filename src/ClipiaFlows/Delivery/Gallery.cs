using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Delivery;

/// <summary>The gallery of any batch: of a finished one as its receipt holds it, of one that runs as it now is.</summary>
public sealed class Gallery(Tables tables, Results results, IStateBlobs blobs)
{
    /// <summary>What writes the page to a stream; <c>null</c> when there is no such batch.</summary>
    public async Task<Func<Stream, Task>?> FindAsync(string batch, CancellationToken cancellation)
    {
        if (await tables.Jobs.FindAsync<BatchRow>(batch, BatchRow.Key, cancellation) is not { } row)
            return null;
        if (row.State.IsTerminal() && await blobs.OpenAsync(BlobNames.Receipt(batch, ReceiptFiles.Gallery), cancellation) is { } stored)
        {
            return async to =>
            {
                await using (stored)
                    await stored.CopyToAsync(to, cancellation);
            };
        }

        return async to =>
        {
            await using var page = await GalleryPage.StartAsync(row, to, cancellation);
            await foreach (var line in results.ReadAsync(batch, cancellation))
                await page.AddAsync(line, cancellation);
        };
    }
}
