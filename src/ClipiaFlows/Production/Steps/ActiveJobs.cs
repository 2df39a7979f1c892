using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Steps;

/// <summary>The claimed jobs of a batch, by number. There are never more than its concurrency and the copies under way.</summary>
public sealed class ActiveJobs
{
    private readonly Dictionary<int, ActiveRow> _byNumber;

    private ActiveJobs(Dictionary<int, ActiveRow> byNumber) => _byNumber = byNumber;

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<ActiveRow> All => _byNumber.Values;

    /// <summary>How many hold a slot upstream.</summary>
    public int Generating => _byNumber.Values.Count(job => !job.Copying);

    /// <summary>How many are storing their outputs.</summary>
    public int Copying => _byNumber.Values.Count(job => job.Copying);

    /// <summary>The claim of that very attempt, or <c>null</c> when it has been settled already.</summary>
    public ActiveRow? Find(int n, int attempt) =>
        _byNumber.TryGetValue(n, out var row) && row.Attempt == attempt ? row : null;

    /// <summary>Reads them.</summary>
    public static async Task<ActiveJobs> ReadAsync(Tables tables, string batch, CancellationToken cancellation)
    {
        var byNumber = new Dictionary<int, ActiveRow>();
        await foreach (var row in tables.Jobs.RangeAsync<ActiveRow>(batch, "A|", RowKeys.EndOf("A"), null, cancellation))
            byNumber.Add(row.N, row);
        return new ActiveJobs(byNumber);
    }
}
