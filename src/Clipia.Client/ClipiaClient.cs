using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Clipia;

/// <summary>
/// The Clipia API; its parts are the API's parts. Safe for use by many threads at once; keep one for the life of the process.
/// Every call tries again by itself what <see cref="ClipiaException.IsTransient"/> names, within
/// <see cref="ClipiaClientOptions.MaxAttempts"/> and <see cref="ClipiaClientOptions.RetryBudget"/>, and then throws
/// <see cref="ClipiaException"/>.
/// </summary>
public sealed class ClipiaClient
{
    /// <summary>Creates a client over an HTTP client that the caller owns.</summary>
    /// <param name="http">
    /// Sends the requests; give it a handler that does not follow redirects and a timeout longer than
    /// <see cref="ClipiaClientOptions.AttemptTimeout"/>. Its own headers and base address are not used.
    /// </param>
    /// <param name="options">Read once; later changes have no effect.</param>
    /// <param name="time">The clock of pauses and budgets. The timeout of one attempt is always in real time.</param>
    /// <param name="logger">Told about every retry. Neither keys nor inputs are logged.</param>
    /// <exception cref="ArgumentException">The options break a rule; the message names all of them.</exception>
    public ClipiaClient(
        HttpClient http,
        ClipiaClientOptions options,
        TimeProvider? time = null,
        ILogger<ClipiaClient>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        ClipiaClientOptionsRules.ThrowIfBroken(options);

        time ??= TimeProvider.System;
        var transport = new ClipiaTransport(http, options, time, logger ?? NullLogger<ClipiaClient>.Instance);
        Queue = new QueueClient(transport);
        Requests = new RequestsClient(transport, time);
        Models = new ModelsClient(transport);
        Account = new AccountClient(transport);
    }

    /// <summary>Starting generations.</summary>
    public QueueClient Queue { get; }

    /// <summary>Following generations and reading their results.</summary>
    public RequestsClient Requests { get; }

    /// <summary>The catalogue and prices.</summary>
    public ModelsClient Models { get; }

    /// <summary>Balance and usage.</summary>
    public AccountClient Account { get; }

    /// <summary>
    /// Starts a generation and waits for its end. Spends credits. FAILED and CANCELED are results, not exceptions.
    /// When the process may die meanwhile, use <see cref="Queue"/> with a key and body of your own, stored first.
    /// </summary>
    /// <param name="model">Slug of the model, such as <c>nano-banana-2</c>.</param>
    /// <param name="input">The model's input, a JSON object.</param>
    /// <param name="submit">Options of the submission.</param>
    /// <param name="wait">How often to look and for how long.</param>
    /// <param name="progress">Told what each look found, the submission first.</param>
    /// <param name="cancellationToken">Ends the wait at once; the generation itself goes on upstream.</param>
    /// <returns>The result in a terminal status.</returns>
    public async Task<GenerationResult> SubscribeAsync(
        string model,
        JsonElement input,
        SubmitOptions? submit = null,
        WaitOptions? wait = null,
        IProgress<RequestState>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var submission = await Queue.SubmitAsync(model, input, submit, cancellationToken).ConfigureAwait(false);
        progress?.Report(new RequestState(submission.RequestId, submission.Status, submission.QueuePosition, null)
        {
            Raw = submission.Raw,
            RateLimit = submission.RateLimit,
        });
        // A test key answers COMPLETED at once; looking at the status would add nothing.
        return await Requests
            .WaitAsync(submission.RequestId, wait, submission.Status.IsTerminal ? null : progress, cancellationToken)
            .ConfigureAwait(false);
    }
}
