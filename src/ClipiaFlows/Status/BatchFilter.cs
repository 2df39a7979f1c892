using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;

namespace ClipiaFlows.Status;

/// <summary>Which batches to list; everything that is given must hold.</summary>
/// <param name="State">The state.</param>
/// <param name="Name">Text that the name contains, whatever its case.</param>
/// <param name="Tags">Tags and the values they must have.</param>
/// <param name="CreatedAfter">Accepted after that moment.</param>
/// <param name="CreatedBefore">Accepted before that moment.</param>
public sealed record BatchFilter(
    BatchState? State = null,
    string? Name = null,
    IReadOnlyList<(string Name, string Value)>? Tags = null,
    DateTimeOffset? CreatedAfter = null,
    DateTimeOffset? CreatedBefore = null)
{
    /// <summary>What the table can decide by itself.</summary>
    internal IReadOnlyList<(string Column, string Value)>? Columns =>
        State is { } state ? [(nameof(BatchIndexRow.State), BatchIndexRow.ListedAs(state))] : null;

    /// <summary>Whether the entry does not stand against it. An entry of an older app says nothing of name and tags.</summary>
    internal bool MayAccept(BatchIndexRow entry) => entry.Name is null || Accepts(entry.Name, entry.TagsJson);

    /// <summary>Whether the batch is meant.</summary>
    internal bool Accepts(BatchRow batch) => (State is null || batch.State == State) && Accepts(batch.Name, batch.TagsJson);

    private bool Accepts(string name, string? tagsJson)
    {
        if (Name is not null && !name.Contains(Name, StringComparison.OrdinalIgnoreCase))
            return false;
        if (Tags is not { Count: > 0 } asked)
            return true;
        var tags = BatchView.TagsOf(tagsJson);
        return asked.All(one => tags.TryGetValue(one.Name, out var value) && value == one.Value);
    }
}
