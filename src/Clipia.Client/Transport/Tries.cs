namespace Clipia;

/// <summary>What is known about the attempts of one call so far.</summary>
internal sealed class Tries(Call call, long startedAt)
{
    private bool _outcomeUnknown;

    public Call Call { get; } = call;

    public long StartedAt { get; } = startedAt;

    public int Count { get; set; }

    public TimeSpan NextPause { get; set; }

    /// <summary>A reset followed by a 429 is still a submission of unknown outcome, so that knowledge is handed on.</summary>
    public void Stamp(ClipiaException failure)
    {
        if (failure.IsUnsent)
            Count--;
        failure.Attempts = Count;
        failure.IdempotencyKey = Call.IdempotencyKey;
        failure.EarlierOutcomeUnknown = _outcomeUnknown;
        _outcomeUnknown = failure.IsOutcomeUnknown;
    }
}
