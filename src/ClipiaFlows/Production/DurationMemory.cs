using System.Collections.Concurrent;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production;

/// <summary>Keeps the usual durations across restarts: a row of the Keys table per model. Every method may be repeated.</summary>
public sealed class DurationMemory(Tables tables, UsualDurations durations)
{
    private readonly ConcurrentDictionary<string, UsualDuration> _stored = new(StringComparer.Ordinal);
    private bool _isLoaded;

    /// <summary>Brings back what earlier processes learned; reads once.</summary>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        if (_isLoaded)
            return;
        await foreach (var row in tables.Keys.RangeAsync<DurationRow>(DurationRow.Partition, "", "~", null, cancellation))
        {
            _stored[row.Model] = row.Usual;
            durations.Remember(row.Model, row.Usual);
        }

        _isLoaded = true;
    }

    /// <summary>Writes what has changed; of several instances of the app the last one's view stands.</summary>
    public async Task SaveAsync(CancellationToken cancellation)
    {
        await LoadAsync(cancellation);
        foreach (var (model, duration) in durations.All)
        {
            if (_stored.TryGetValue(model, out var stored) && stored == duration)
                continue;
            await tables.Keys.CommitAsync(RowChanges.Putting(DurationRow.Of(model, duration)), cancellation);
            _stored[model] = duration;
        }
    }
}
