using System.Text.Json.Serialization;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Status;

/// <summary>How far somebody has been told of a batch.</summary>
/// <param name="Target"><c>queue</c>, <c>eventGrid</c>, or <c>webhook-</c> and a digest of its address.</param>
/// <param name="Told">Number of the last event that was delivered or given up.</param>
/// <param name="GivenUp">Events that were given up.</param>
/// <param name="Trouble">Why the last try failed, when it did.</param>
public sealed record TargetView(
    [property: JsonPropertyName("target")] string Target,
    [property: JsonPropertyName("told")] long Told,
    [property: JsonPropertyName("givenUp")] long GivenUp,
    [property: JsonPropertyName("trouble"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Trouble);

/// <summary>Reads who has been told of a batch. Reading changes nothing.</summary>
public sealed class TargetQueries(Tables tables)
{
    /// <summary>Everybody who has been told anything, or could not be.</summary>
    public async Task<IReadOnlyList<TargetView>> OfAsync(string batch, CancellationToken cancellation)
    {
        var targets = new List<TargetView>();
        await foreach (var row in tables.Jobs.RangeAsync<TargetRow>(batch, RowKeys.Target(""), RowKeys.EndOf("T"), null, cancellation))
            targets.Add(new(row.RowKey[RowKeys.Target("").Length..], row.Sequence, row.GivenUp, row.Trouble));
        return targets;
    }
}
