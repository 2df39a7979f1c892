using System.Collections.Concurrent;

namespace Clipia.Emulator;

/// <summary>The last API calls, and how many there were of each kind since the start or the last reset.</summary>
internal sealed class CallLog
{
    private const int Kept = 20_000;

    private readonly ConcurrentQueue<Call> _calls = new();
    private readonly ConcurrentDictionary<(string Method, string Route, int Status), int> _counts = new();

    public IEnumerable<Call> NewestFirst => _calls.Reverse();

    public IEnumerable<CallCount> Counts =>
        from count in _counts
        orderby count.Key.Route, count.Key.Method, count.Key.Status
        select new CallCount(count.Key.Method, count.Key.Route, count.Key.Status, count.Value);

    public void Add(Call call, string route)
    {
        _calls.Enqueue(call);
        if (_calls.Count > Kept)
            _calls.TryDequeue(out _);
        _counts.AddOrUpdate((call.Method, route, call.Status), 1, static (_, count) => count + 1);
    }

    public void Clear()
    {
        _calls.Clear();
        _counts.Clear();
    }
}

/// <param name="At">When it arrived.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path without query.</param>
/// <param name="Status">HTTP status; 0 when the connection was reset on purpose.</param>
/// <param name="KeyPrefix">Prefix of the key; null without a valid one.</param>
internal sealed record Call(DateTimeOffset At, string Method, string Path, int Status, string? KeyPrefix);

internal sealed record CallCount(string Method, string Route, int Status, int Count);
