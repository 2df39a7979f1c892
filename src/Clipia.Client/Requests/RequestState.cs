namespace Clipia;

/// <summary>Where a generation is right now.</summary>
/// <param name="RequestId">The generation.</param>
/// <param name="Status">Its status.</param>
/// <param name="QueuePosition">A hint while queued: 0 is next. Null once running.</param>
/// <param name="Progress">0 to 100 while running, when the answer told.</param>
public sealed record RequestState(RequestId RequestId, RequestStatus Status, int? QueuePosition, int? Progress) : ClipiaAnswer
{
    internal static RequestState Read(Answer answer, RequestId asked) => new(
        answer.RequestId() ?? asked,
        answer.Raw.Status(),
        answer.Raw.Integer("queue_position"),
        answer.Raw.Integer("progress") is { } progress ? Math.Clamp(progress, 0, 100) : null)
    {
        Raw = answer.Raw,
        RateLimit = answer.RateLimit,
    };
}
