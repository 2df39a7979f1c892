namespace Clipia;

/// <summary>An accepted generation.</summary>
/// <param name="RequestId">Stands for the generation from now on.</param>
/// <param name="Status">IN_QUEUE as a rule; COMPLETED at once for test keys; the current one for a repeated send.</param>
/// <param name="QueuePosition">A hint: 0 is next. Null when the answer did not tell.</param>
/// <param name="StatusUrl">Where the service says the status is; <see cref="RequestsClient"/> does not need it.</param>
/// <param name="ResponseUrl">Where the service says the result is; <see cref="RequestsClient"/> does not need it.</param>
/// <param name="Cost">The price in credits, fixed and reserved now.</param>
public sealed record Submission(
    RequestId RequestId,
    RequestStatus Status,
    int? QueuePosition,
    Uri? StatusUrl,
    Uri? ResponseUrl,
    decimal? Cost) : ClipiaAnswer
{
    /// <summary>The key the submission was sent with.</summary>
    public string? IdempotencyKey { get; init; }

    internal static Submission Read(Answer answer, string idempotencyKey) => new(
        answer.RequiredRequestId(),
        answer.Raw.Status(),
        answer.Raw.Integer("queue_position"),
        answer.Raw.Link("status_url"),
        answer.Raw.Link("response_url"),
        answer.Raw.Credits("cost"))
    {
        Raw = answer.Raw,
        RateLimit = answer.RateLimit,
        IdempotencyKey = idempotencyKey,
    };
}
