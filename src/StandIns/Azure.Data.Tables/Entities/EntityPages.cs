using System.Text.Json;

namespace Azure.Data.Tables;

/// <summary>Reads one page; the keys are where the page before it ended.</summary>
internal delegate Task<Response> PageReader(
    int? pageSize, string nextPartitionKey, string nextRowKey, CancellationToken cancellationToken);

/// <summary>
/// The pages of one query. A page may be shorter than asked for, even empty, and still be followed by another. The
/// continuation token is the next partition and row key with a space between.
/// </summary>
internal sealed class EntityPages<T>(PageReader readPage, int? maxPerPage, CancellationToken cancellationToken)
    : AsyncPageable<T>(cancellationToken)
{
    public override async IAsyncEnumerable<Page<T>> AsPages(string continuationToken = null, int? pageSizeHint = null)
    {
        do
        {
            var (partitionKey, rowKey) = Split(continuationToken);
            var response = await readPage(pageSizeHint ?? maxPerPage, partitionKey, rowKey, CancellationToken)
                .ConfigureAwait(false);
            continuationToken = Next(response);
            yield return Page<T>.FromValues(Entities(response), continuationToken, response);
        }
        while (continuationToken is not null);
    }

    public override async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken, cancellationToken);
        var pages = new EntityPages<T>(readPage, maxPerPage, both.Token);
        await foreach (var page in pages.AsPages().ConfigureAwait(false))
        {
            foreach (var entity in page.Values)
                yield return entity;
        }
    }

    private static List<T> Entities(Response response)
    {
        using var document = JsonDocument.Parse(response.Content);
        return [.. document.RootElement.GetProperty("value").EnumerateArray().Select(EntityJson.Read<T>)];
    }

    private static string Next(Response response)
    {
        var partition = response.Headers.TryGetValue("x-ms-continuation-NextPartitionKey", out var partitionKey);
        var row = response.Headers.TryGetValue("x-ms-continuation-NextRowKey", out var rowKey);
        return partition || row ? $"{partitionKey} {rowKey}" : null;
    }

    private static (string PartitionKey, string RowKey) Split(string continuationToken)
    {
        if (continuationToken is null or { Length: <= 1 })
            return default;
        var keys = continuationToken.Split(' ', 2);
        return (keys[0], keys.Length > 1 && keys[1].Length > 0 ? keys[1] : null);
    }
}
