using System.Text.Json;

namespace Clipia;

/// <summary>Starts generations.</summary>
public sealed class QueueClient
{
    private readonly ClipiaTransport _transport;

    internal QueueClient(ClipiaTransport transport) => _transport = transport;

    /// <summary>
    /// Starts one generation and reserves its price. Retries within the call share key and bytes, so it is one generation;
    /// calling twice without a key of your own starts two.
    /// </summary>
    /// <param name="model">Slug of the model, such as <c>nano-banana-2</c>.</param>
    /// <param name="input">The model's input, a JSON object.</param>
    /// <param name="options">Idempotency key, webhook, patience.</param>
    /// <param name="cancellationToken">Gives up at once; whether the generation was accepted is then unknown.</param>
    /// <exception cref="ClipiaException">Refused, or unreachable within the budget.</exception>
    public Task<Submission> SubmitAsync(
        string model,
        JsonElement input,
        SubmitOptions? options = null,
        CancellationToken cancellationToken = default) =>
        SubmitAsync(
            model,
            CreateBody(input, options?.WebhookUrl),
            options?.IdempotencyKey ?? Guid.NewGuid().ToString(),
            (CallPatience?)options,
            cancellationToken);

    /// <summary>
    /// Sends exactly these bytes under this key. For callers that stored both before the first send: repeating the call with
    /// the same two finds the generation that was accepted, within 24 hours, and never starts another.
    /// </summary>
    /// <param name="model">Slug of the model.</param>
    /// <param name="body">The whole request body, made by <see cref="CreateBody"/>.</param>
    /// <param name="idempotencyKey">1 to 255 printable ASCII characters.</param>
    /// <param name="cancellationToken">Gives up at once; whether the generation was accepted is then unknown.</param>
    /// <exception cref="ClipiaException">Refused, or unreachable within the budget.</exception>
    public Task<Submission> SubmitAsync(
        string model,
        ReadOnlyMemory<byte> body,
        string idempotencyKey,
        CancellationToken cancellationToken = default) =>
        SubmitAsync(model, body, idempotencyKey, (CallPatience?)null, cancellationToken);

    /// <inheritdoc cref="SubmitAsync(string, ReadOnlyMemory{byte}, string, CancellationToken)"/>
    /// <param name="model">Slug of the model.</param>
    /// <param name="body">The whole request body, made by <see cref="CreateBody"/>.</param>
    /// <param name="idempotencyKey">1 to 255 printable ASCII characters.</param>
    /// <param name="options">How patient this call is.</param>
    /// <param name="cancellationToken">Gives up at once; whether the generation was accepted is then unknown.</param>
    public Task<Submission> SubmitAsync(
        string model,
        ReadOnlyMemory<byte> body,
        string idempotencyKey,
        CallOptions options,
        CancellationToken cancellationToken = default) =>
        SubmitAsync(model, body, idempotencyKey, (CallPatience?)options, cancellationToken);

    /// <summary>The bytes of a submission: compact JSON in UTF-8, the same for the same arguments.</summary>
    /// <param name="input">The model's input, a JSON object.</param>
    /// <param name="webhookUrl">Absolute http or https address, or null for no webhook.</param>
    /// <exception cref="ArgumentException">The input is no object, or the address is not absolute http(s).</exception>
    public static byte[] CreateBody(JsonElement input, Uri? webhookUrl) => RequestBody.Submission(input, webhookUrl);

    private Task<Submission> SubmitAsync(
        string model, ReadOnlyMemory<byte> body, string idempotencyKey, CallPatience? patience, CancellationToken cancellationToken)
    {
        IdempotencyKeys.ThrowIfUnusable(idempotencyKey);
        var call = new Call("submit", HttpMethod.Post, $"/v1/models/{PathSegment.Encode(model)}")
        {
            Model = model,
            Body = body,
            IdempotencyKey = idempotencyKey,
            Patience = patience,
        };
        return _transport.SendAsync(call, answer => Submission.Read(answer, idempotencyKey), cancellationToken);
    }
}
