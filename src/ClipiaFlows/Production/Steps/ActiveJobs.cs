using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Steps;

/// <summary>The claimed jobs of a batch, by number. Beside its concurrency and the copies under way there are those that fetch their files again later.</summary>
public sealed class ActiveJobs
{
    private readonly SortedDictionary<int, ActiveRow> _byNumber = [];

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<ActiveRow> All => _byNumber.Values;

    /// <summary>How many hold a slot upstream.</summary>
    public int Generating => _byNumber.Values.Count(job => !job.Copying);

    /// <summary>The claim of that very attempt, or <c>null</c> when it has been settled already.</summary>
    public ActiveRow? Find(int n, int attempt) =>
        _byNumber.TryGetValue(n, out var row) && row.Attempt == attempt ? row : null;

    internal void Set(ActiveRow row) => _byNumber[row.N] = row;

    internal void Remove(ActiveRow row) => _byNumber.Remove(row.N);

    /// <summary>Reads them.</summary>
    public static async Task<ActiveJobs> ReadAsync(Tables tables, string batch, CancellationToken cancellation)
    {
        var jobs = new ActiveJobs();
        await foreach (var row in tables.Jobs.RangeAsync<ActiveRow>(batch, "A|", RowKeys.EndOf("A"), null, cancellation))
            jobs.Set(row);
        return jobs;
    }
}
