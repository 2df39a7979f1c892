using System.Globalization;
using System.Linq.Expressions;
using Azure.Core;

namespace Azure.Data.Tables;

public partial class TableClient
{
    public virtual AsyncPageable<T> QueryAsync<T>(
        Expression<Func<T, bool>> filter,
        int? maxPerPage = default,
        IEnumerable<string> select = null,
        CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        QueryAsync<T>(CreateQueryFilter(filter), maxPerPage, select, cancellationToken);

    public virtual AsyncPageable<T> QueryAsync<T>(
        string filter = null,
        int? maxPerPage = default,
        IEnumerable<string> select = null,
        CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        var columns = Join(select);
        return new EntityPages<T>(ReadPageAsync, maxPerPage, cancellationToken);

        async Task<Response> ReadPageAsync(int? pageSize, string partitionKey, string rowKey, CancellationToken cancellation)
        {
            var query = ResourcePath.Query(
                ("$filter", string.IsNullOrEmpty(filter) ? null : filter),
                ("$select", columns),
                ("$top", pageSize?.ToString(CultureInfo.InvariantCulture)),
                ("NextPartitionKey", partitionKey),
                ("NextRowKey", rowKey));
            using var message = _service.CreateMessage(RequestMethod.Get, $"{Name}()", query);
            return await _service.SendAsync(message, cancellation, 200).ConfigureAwait(false);
        }
    }
}
