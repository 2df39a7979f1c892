namespace Clipia;

/// <summary>One wait: when to look next, what failures to bear, when to give up.</summary>
internal sealed class Poll(RequestId requestId, WaitOptions options, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private TimeSpan _pause = options.PollInterval;
    private ClipiaException? _lastFailure;

    /// <summary>What a look found, or null when it failed in a way that time may heal.</summary>
    public async Task<T?> LookAsync<T>(Func<RequestId, CallOptions?, CancellationToken, Task<T>> look, CancellationToken cancellationToken)
        where T : ClipiaAnswer
    {
        try
        {
            var found = await look(requestId, options.Call, cancellationToken).ConfigureAwait(false);
            _lastFailure = null;
            return found;
        }
        catch (ClipiaException e) when (e.IsTransient)
        {
            _lastFailure = e;
            return null;
        }
    }

    public async Task PauseAsync(CancellationToken cancellationToken)
    {
        var left = options.Timeout - time.GetElapsedTime(_started);
        var asked = _lastFailure?.RetryAfter ?? TimeSpan.Zero;
        if (left <= TimeSpan.Zero || asked > left)
            throw GivingUp();

        var pause = asked > _pause ? asked : _pause;
        pause = pause < left ? pause : left;
        await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        var longer = _pause * 1.5;
        _pause = longer < options.LongestPause ? longer : options.LongestPause;
    }

    private ClipiaException GivingUp() => new(
        $"Generation {requestId} was not over within {options.Timeout}; it goes on upstream.",
        _lastFailure?.Status, ClipiaErrorCodes.WaitTimeout, _lastFailure)
    {
        RequestId = requestId,
        RetryAfter = _lastFailure?.RetryAfter,
        RateLimit = _lastFailure?.RateLimit,
    };
}
