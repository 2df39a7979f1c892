namespace Clipia.Emulator;

/// <summary>Counts the calls of one key in a sliding minute. Refused calls do not count.</summary>
internal sealed class RequestRate
{
    public const int WindowSeconds = 60;

    private readonly Lock _gate = new();
    private readonly Queue<long> _calls = new();

    public Answer Take(DateTimeOffset now, int limit)
    {
        lock (_gate)
        {
            var minuteAgo = now.UtcTicks - TimeSpan.TicksPerMinute;
            while (_calls.TryPeek(out var oldest) && oldest <= minuteAgo)
                _calls.Dequeue();

            var allowed = _calls.Count < limit;
            if (allowed)
                _calls.Enqueue(now.UtcTicks);

            var freesAfter = _calls.TryPeek(out var first) ? first - minuteAgo : TimeSpan.TicksPerMinute;
            return new(allowed, limit, Math.Max(0, limit - _calls.Count), (int)Math.Ceiling(freesAfter / (double)TimeSpan.TicksPerSecond));
        }
    }

    /// <param name="Allowed">Whether the call may go on.</param>
    /// <param name="Limit">Calls per minute.</param>
    /// <param name="Remaining">Calls left at this moment.</param>
    /// <param name="Reset">Whole seconds until the oldest counted call leaves the window.</param>
    public readonly record struct Answer(bool Allowed, int Limit, int Remaining, int Reset);
}
