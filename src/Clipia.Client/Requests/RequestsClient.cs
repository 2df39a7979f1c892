using System.Runtime.CompilerServices;

namespace Clipia;

/// <summary>Follows generations. Everything here only reads and may be repeated at will.</summary>
public sealed class RequestsClient
{
    private static readonly TimeSpan StatusTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ResultTimeout = TimeSpan.FromSeconds(30);

    private readonly ClipiaTransport _transport;
    private readonly TimeProvider _time;

    internal RequestsClient(ClipiaTransport transport, TimeProvider time)
    {
        _transport = transport;
        _time = time;
    }

    /// <summary>Where a generation is right now.</summary>
    /// <exception cref="ClipiaException">404 <c>not_found</c> for a generation that this key may not see.</exception>
    public Task<RequestState> GetStatusAsync(RequestId requestId, CancellationToken cancellationToken = default) =>
        StatusAsync(requestId, null, cancellationToken);

    /// <inheritdoc cref="GetStatusAsync(RequestId, CancellationToken)"/>
    public Task<RequestState> GetStatusAsync(RequestId requestId, CallOptions options, CancellationToken cancellationToken = default) =>
        StatusAsync(requestId, options, cancellationToken);

    /// <summary>The result, or one that says <see cref="GenerationResult.Pending"/>. FAILED and CANCELED are results too.</summary>
    /// <exception cref="ClipiaException">404 <c>not_found</c> for a generation that this key may not see.</exception>
    public Task<GenerationResult> GetResultAsync(RequestId requestId, CancellationToken cancellationToken = default) =>
        ResultAsync(requestId, null, cancellationToken);

    /// <inheritdoc cref="GetResultAsync(RequestId, CancellationToken)"/>
    public Task<GenerationResult> GetResultAsync(RequestId requestId, CallOptions options, CancellationToken cancellationToken = default) =>
        ResultAsync(requestId, options, cancellationToken);

    /// <summary>Waits until the generation is over and reads its result.</summary>
    /// <param name="requestId">The generation.</param>
    /// <param name="options">How often to look and for how long.</param>
    /// <param name="progress">Told what each look found. Costs one call more, since progress is not part of a result.</param>
    /// <param name="cancellationToken">Ends the wait at once; the generation itself goes on.</param>
    /// <exception cref="ClipiaException">
    /// <see cref="ClipiaErrorCodes.WaitTimeout"/> when it is not over in time. Transient failures only make a look count for
    /// nothing; others are thrown at once.
    /// </exception>
    public async Task<GenerationResult> WaitAsync(
        RequestId requestId,
        WaitOptions? options = null,
        IProgress<RequestState>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var poll = new Poll(requestId, options ?? new WaitOptions(), _time);
        if (progress is not null)
        {
            await foreach (var state in WatchAsync(poll, cancellationToken).ConfigureAwait(false))
                progress.Report(state);
        }

        while (true)
        {
            if (await poll.LookAsync(ResultAsync, cancellationToken).ConfigureAwait(false) is { Pending: false } result)
                return result;
            await poll.PauseAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What each look at the generation finds, until and including the terminal one.</summary>
    /// <param name="requestId">The generation.</param>
    /// <param name="options">How often to look and for how long.</param>
    /// <param name="cancellationToken">Ends the wait at once; the generation itself goes on.</param>
    /// <exception cref="ClipiaException">As for <see cref="WaitAsync"/>.</exception>
    public async IAsyncEnumerable<RequestState> WatchAsync(
        RequestId requestId,
        WaitOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var poll = new Poll(requestId, options ?? new WaitOptions(), _time);
        await foreach (var state in WatchAsync(poll, cancellationToken).ConfigureAwait(false))
            yield return state;
    }

    private async IAsyncEnumerable<RequestState> WatchAsync(
        Poll poll, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var state = await poll.LookAsync(StatusAsync, cancellationToken).ConfigureAwait(false);
            if (state is not null)
                yield return state;
            if (state is { Status.IsTerminal: true })
                yield break;
            await poll.PauseAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<RequestState> StatusAsync(RequestId requestId, CallOptions? options, CancellationToken cancellationToken) =>
        _transport.SendAsync(
            new Call("status", HttpMethod.Get, $"{PathOf(requestId)}/status") { UsualTimeout = StatusTimeout, Patience = options },
            answer => RequestState.Read(answer, requestId),
            cancellationToken);

    private Task<GenerationResult> ResultAsync(RequestId requestId, CallOptions? options, CancellationToken cancellationToken) =>
        _transport.SendAsync(
            new Call("result", HttpMethod.Get, PathOf(requestId)) { UsualTimeout = ResultTimeout, Patience = options },
            answer => GenerationResult.Read(answer, requestId),
            cancellationToken);

    private static string PathOf(RequestId requestId) => $"/v1/requests/{PathSegment.Encode(requestId.Value, nameof(requestId))}";
}
