using System.Globalization;
using System.Runtime.CompilerServices;
using ClipiaFlows.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Durable.Clients;

/// <summary>The answer to a query, newest instances first, read page by page as it is enumerated.</summary>
internal sealed class InstancePages(DurableStore store, OrchestrationQuery filter, string hubName, DataConverter converter)
    : AsyncPageable<OrchestrationMetadata>
{
    public override IAsyncEnumerable<Page<OrchestrationMetadata>> AsPages(
        string? continuationToken = null, int? pageSizeHint = null) =>
        ReadAsync(continuationToken ?? filter.ContinuationToken, pageSizeHint ?? filter.PageSize);

    private async IAsyncEnumerable<Page<OrchestrationMetadata>> ReadAsync(
        string? continuation, int pageSize, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        if (filter.TaskHubNames?.ToArray() is { Length: > 0 } hubs && !hubs.Contains(hubName, StringComparer.OrdinalIgnoreCase))
        {
            yield return new([]);
            yield break;
        }

        do
        {
            var from = continuation;
            var found = await Task.Run(() => store.Read(session => Query(session, from).Metadata(pageSize, filter.FetchInputsAndOutputs)), cancellation);
            continuation = found.Count == pageSize ? found[^1].Key.ToString(CultureInfo.InvariantCulture) : null;
            yield return new([.. found.Select(each => each.Instance)], continuation);
        }
        while (continuation is not null);
    }

    private InstanceQuery Query(ReadSession session, string? continuation) => new InstanceQuery(session, converter)
        .WithStatus(filter.Statuses)
        .CreatedFrom(filter.CreatedFrom)
        .CreatedTo(filter.CreatedTo)
        .WithPrefix(filter.InstanceIdPrefix)
        .Before(continuation);
}
