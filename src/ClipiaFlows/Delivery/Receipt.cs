using System.Security.Cryptography;
using System.Text.Json;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Status;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Delivery;

/// <summary>Writes the receipt of a batch: what it produced, what went wrong, what it cost, and a page to look at it.</summary>
/// <remarks>May be repeated, and is when a batch goes on after its end: each file is replaced by a whole new one.</remarks>
public sealed class Receipt(Results results, IStateBlobs blobs, TargetQueries targets, TimeProvider time)
{
    /// <summary>Writes it. Jobs are read once and written out as they come.</summary>
    /// <param name="batch">The batch as its receipt shall show it.</param>
    /// <param name="account">What the API says of the account, or why it says nothing.</param>
    /// <param name="cancellation">Ends the try.</param>
    public async Task WriteAsync(BatchRow batch, AccountStatement account, CancellationToken cancellation)
    {
        var id = batch.PartitionKey;
        await using var succeeded = TemporaryFile.Create();
        await using var errors = TemporaryFile.Create();
        await using var table = TemporaryFile.Create();
        await using var gallery = TemporaryFile.Create();
        var sums = new ReceiptSums();
        await using (var rows = await ResultCsv.StartAsync(table, cancellation))
        await using (var page = await GalleryPage.StartAsync(batch, gallery, cancellation))
        {
            await foreach (var line in results.ReadAsync(id, cancellation))
            {
                sums.Add(line.Job);
                await ResultJson.WriteLineAsync(line.Job.State is JobState.Succeeded ? succeeded : errors, line, cancellation);
                await ResultCsv.WriteAsync(rows, line, cancellation);
                await page.AddAsync(line, cancellation);
            }
        }

        var files = new List<ReceiptFile>
        {
            await StoreAsync(id, ReceiptFiles.Results, succeeded, cancellation),
            await StoreAsync(id, ReceiptFiles.Errors, errors, cancellation),
            await StoreAsync(id, ReceiptFiles.Table, table, cancellation),
            await StoreAsync(id, ReceiptFiles.Gallery, gallery, cancellation),
        };
        var summary = ReceiptSummary.Of(batch, sums, account, await targets.OfAsync(id, cancellation), files, time.GetUtcNow());
        using var bytes = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(summary, ResultJson.Options));
        await blobs.PutAsync(BlobNames.Receipt(id, ReceiptFiles.Summary), bytes, ReceiptFiles.ContentTypes[ReceiptFiles.Summary], cancellation);
    }

    /// <summary>Deletes it again, when its batch is gone. May be repeated.</summary>
    public Task TakeBackAsync(string batch, CancellationToken cancellation) => blobs.DeleteAllAsync(BlobNames.ReceiptsOf(batch), cancellation);

    private async Task<ReceiptFile> StoreAsync(string batch, string name, FileStream file, CancellationToken cancellation)
    {
        await file.FlushAsync(cancellation);
        file.Position = 0;
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
        var bytes = file.Length;
        file.Position = 0;
        await blobs.PutAsync(BlobNames.Receipt(batch, name), file, ReceiptFiles.ContentTypes[name], cancellation);
        return new ReceiptFile(name, bytes, hash);
    }
}
