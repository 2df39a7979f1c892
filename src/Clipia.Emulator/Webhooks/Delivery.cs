namespace Clipia.Emulator;

/// <summary>The announcement of one ended generation, with every attempt made so far.</summary>
internal sealed class Delivery(long sequence, string id, Generation generation)
{
    private readonly List<DeliveryAttempt> _attempts = [];
    private int _left;

    public long Sequence => sequence;
    public string Id => id;
    public Generation Generation => generation;
    public DateTimeOffset FirstAt { get; set; }

    /// <summary>Never sent, by scenario.</summary>
    public bool Dropped { get; init; }

    /// <summary>Sent once more after its success, by scenario.</summary>
    public bool Duplicated { get; set; }

    /// <summary>True for the first caller only, so that a delivery whose time has come while it is let go is sent once.</summary>
    public bool TryLeave() => Interlocked.Exchange(ref _left, 1) == 0;

    public IReadOnlyList<DeliveryAttempt> Attempts
    {
        get
        {
            lock (_attempts)
                return [.. _attempts];
        }
    }

    public void Add(DeliveryAttempt attempt)
    {
        lock (_attempts)
            _attempts.Add(attempt);
    }
}

/// <param name="Attempt">1 for the first.</param>
/// <param name="SentAt">When it was sent.</param>
/// <param name="Status">HTTP status of the answer; null when none came.</param>
/// <param name="Error">Why there was no answer, or what a scenario did.</param>
internal sealed record DeliveryAttempt(int Attempt, DateTimeOffset SentAt, int? Status, string? Error)
{
    public bool Succeeded => Status is >= 200 and < 300;
}
