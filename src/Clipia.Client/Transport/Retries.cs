using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Clipia;

/// <summary>
/// Sends again what failed for a reason that passes, with pauses that grow and scatter, within a number of attempts and a
/// budget of time. A second layer of patience, over hours, belongs to the caller.
/// </summary>
internal sealed class Retries
{
    private static readonly ResiliencePropertyKey<Tries> TriesKey = new("tries");

    private readonly int _maxAttempts;
    private readonly TimeSpan _budget;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _pipeline;

    public Retries(int maxAttempts, TimeSpan budget, TimeProvider time, ILogger logger)
    {
        _maxAttempts = maxAttempts;
        _budget = budget;
        _time = time;
        _logger = logger;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                // The number of attempts may differ by call, so the predicate counts them.
                MaxRetryAttempts = int.MaxValue,
                ShouldHandle = args => ValueTask.FromResult(IsWorthwhile(args)),
                DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(TriesOf(args.Context).NextPause),
                OnRetry = Report,
            })
            .Build();
    }

    /// <param name="call">What is sent.</param>
    /// <param name="send">Sends it once; told how much of the budget is left.</param>
    /// <param name="cancellationToken">Ends everything at once.</param>
    public async Task<T> RunAsync<T>(Call call, Func<TimeSpan, CancellationToken, Task<T>> send, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
        try
        {
            var tries = new Tries(call, _time.GetTimestamp());
            context.Properties.Set(TriesKey, tries);
            return await _pipeline.ExecuteAsync(
                static async (context, state) =>
                {
                    state.tries.Count++;
                    try
                    {
                        return await state.send(state.retries.BudgetLeft(state.tries), context.CancellationToken).ConfigureAwait(false);
                    }
                    catch (ClipiaException e)
                    {
                        state.tries.Stamp(e);
                        throw;
                    }
                },
                context,
                (retries: this, tries, send)).ConfigureAwait(false);
        }
        catch (ClipiaException e) when (e.IsTransient && cancellationToken.IsCancellationRequested)
        {
            // Polly hands out the last failure when the caller cancels between two attempts.
            throw new OperationCanceledException(null, e, cancellationToken);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    // Polly asks this before it asks for the pause, but only the pause tells whether the budget allows another try.
    private bool IsWorthwhile(RetryPredicateArguments<object> args)
    {
        if (args.Outcome.Exception is not ClipiaException { IsTransient: true } failure)
            return false;

        var tries = TriesOf(args.Context);
        tries.NextPause = BackOff.Pause(args.AttemptNumber, failure.RetryAfter);
        return tries.Count < (tries.Call.Patience?.MaxAttempts ?? _maxAttempts)
            && _time.GetElapsedTime(tries.StartedAt) + tries.NextPause <= BudgetOf(tries.Call);
    }

    private TimeSpan BudgetLeft(Tries tries) => BudgetOf(tries.Call) - _time.GetElapsedTime(tries.StartedAt);

    private TimeSpan BudgetOf(Call call) => call.Patience?.RetryBudget ?? _budget;

    private ValueTask Report(OnRetryArguments<object> args)
    {
        var failure = (ClipiaException)args.Outcome.Exception!;
        var operation = TriesOf(args.Context).Call.Operation;
        ClipiaTelemetry.Retries.Add(1, new("clipia.operation", operation), new("error.type", failure.Code));
        _logger.LogWarning(
            "Clipia {Operation} failed with {Code}; attempt {Attempt} follows in {Pause}",
            operation, failure.Code, args.AttemptNumber + 2, args.RetryDelay);
        return ValueTask.CompletedTask;
    }

    private static Tries TriesOf(ResilienceContext context) => context.Properties.GetValue(TriesKey, null!);
}
