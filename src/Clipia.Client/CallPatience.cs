namespace Clipia;

/// <summary>How patient one call is, where it differs from <see cref="ClipiaClientOptions"/>. What is null is as there.</summary>
public abstract record CallPatience
{
    /// <summary>Real time for one attempt; 100 ms to 10 min.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How often the call is sent at most, the first time included; 1 to 50.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>Time within which a retry may start, and a call may be held back for the key's request rate; 0 to 23 h.</summary>
    public TimeSpan? RetryBudget { get; init; }

    internal void ThrowIfOutOfRange()
    {
        if (Timeout is { } timeout && (timeout < TimeSpan.FromMilliseconds(100) || timeout > TimeSpan.FromMinutes(10)))
            throw new ArgumentOutOfRangeException(nameof(Timeout), timeout, "The time for one attempt is 100 ms to 10 min.");
        if (MaxAttempts is < 1 or > 50)
            throw new ArgumentOutOfRangeException(nameof(MaxAttempts), MaxAttempts, "A call is sent 1 to 50 times.");
        if (RetryBudget is { } budget && (budget < TimeSpan.Zero || budget > TimeSpan.FromHours(23)))
            throw new ArgumentOutOfRangeException(nameof(RetryBudget), budget, "The budget for retries is 0 to 23 h.");
    }
}
