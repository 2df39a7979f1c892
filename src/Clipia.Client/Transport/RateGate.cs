namespace Clipia;

/// <summary>
/// Holds calls back while the key's requests are used up, so that those which would be refused are not sent. All calls of one
/// client share it. Fed by what answers tell; knows nothing at first and lets everything through. Own code because the
/// limiters of .NET count by rules of their own and cannot be told what a server has counted.
/// </summary>
internal sealed class RateGate(TimeProvider time)
{
    private static readonly TimeSpan LongestClosed = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = NewSignal();
    private long _closedAt;
    private TimeSpan _closedFor;
    private RateLimit? _told;

    // Requests left that nobody has taken yet; null when no answer told.
    private int? _left;
    private int _underway;

    // How many answers told something so far.
    private int _lessons;

    /// <summary>Waits until a request may be sent; what is let through must <see cref="Leave"/>.</summary>
    /// <param name="patience">Longest time to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The ticket to leave with.</returns>
    /// <exception cref="ClipiaException">429: the wait would be longer.</exception>
    public async ValueTask<int> EnterAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            TimeSpan wait;
            Task changed;
            lock (_lock)
            {
                if (TryTake(out wait))
                    return _lessons;
                changed = _changed.Task;
            }
            if (time.GetElapsedTime(started) + wait > patience)
                throw Closed(wait);
            using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(changed, Task.Delay(wait, time, woken.Token)).ConfigureAwait(false);
            await woken.CancelAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Learns from an answer; all null when none came.</summary>
    public void Leave(int ticket, RateLimit? told, bool refused, TimeSpan? retryAfter)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _underway--;
            _told = told ?? _told;
            // A refusal with requests remaining is for lack of a free slot and says nothing about the rate.
            if (refused && !(told?.Remaining > 0))
                Close(retryAfter ?? told?.Reset);
            else if (told?.Remaining == 0)
                Close(told.Reset);
            else if (told?.Remaining is { } remaining)
                Learn(remaining - _underway, isLatest: ticket == _lessons);
            else if (_underway == 0)
                _left = null;
            changed = _changed;
            _changed = NewSignal();
        }
        changed.TrySetResult();
    }

    private bool TryTake(out TimeSpan wait)
    {
        wait = _closedFor - time.GetElapsedTime(_closedAt);
        if (wait > TimeSpan.Zero)
            return false;
        // Those underway will tell how many are left.
        wait = LookAgain;
        if (_left <= 0 && _underway > 0)
            return false;
        _left--;
        _underway++;
        return true;
    }

    /// <summary>
    /// What the server counted for this call it may have counted before others whose answers came first. So only an answer to a
    /// call that was sent after all of those may raise the figure.
    /// </summary>
    private void Learn(int left, bool isLatest)
    {
        _left = isLatest || _left is not { } known || left < known ? left : known;
        _lessons++;
    }

    /// <summary>After that time one request is let through, whose answer tells about the others.</summary>
    private void Close(TimeSpan? asked)
    {
        _left = asked is null ? null : 1;
        _lessons++;
        _closedAt = time.GetTimestamp();
        _closedFor = asked is not { } wanted ? TimeSpan.Zero : wanted < LongestClosed ? wanted : LongestClosed;
    }

    private ClipiaException Closed(TimeSpan wait) => new(
        "The key's requests are used up; nothing was sent.", System.Net.HttpStatusCode.TooManyRequests, ClipiaErrorCodes.RateLimitExceeded)
    {
        IsUnsent = true,
        RetryAfter = wait,
        RateLimit = _told is null ? null : _told with { Remaining = 0, Reset = wait },
    };

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
