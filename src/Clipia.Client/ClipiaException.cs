using System.Net;
using System.Text.Json;

namespace Clipia;

/// <summary>
/// Any answer from Clipia that is not the one asked for, including no answer at all. Never holds a key, and never stands
/// for the caller's own cancellation, which stays an <see cref="OperationCanceledException"/>.
/// </summary>
/// <param name="message">For people; may change at any time.</param>
/// <param name="status">HTTP status, or null when no answer arrived.</param>
/// <param name="code">Machine-readable code, one of <see cref="ClipiaErrorCodes"/> or newer.</param>
/// <param name="inner">What broke underneath.</param>
public sealed class ClipiaException(string message, HttpStatusCode? status, string code, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>HTTP status, or null when no answer arrived.</summary>
    public HttpStatusCode? Status { get; } = status;

    /// <summary>The code to branch on, such as <c>insufficient_credits</c>. See <see cref="ClipiaErrorCodes"/>.</summary>
    public string Code { get; } = code;

    /// <summary>How long Clipia asked callers to wait, when it said so; never negative, at most a day.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The key's request rate as of the failing answer, when it told.</summary>
    public RateLimit? RateLimit { get; init; }

    /// <summary>The error answer as it came, when it was JSON.</summary>
    public JsonElement? Raw { get; init; }

    /// <summary>How many times the call was sent, this failure included; 0 when it was held back for the key's request rate.</summary>
    public int Attempts { get; internal set; } = 1;

    /// <summary>The key of the submission that failed: sent again with the same body it finds what was accepted.</summary>
    public string? IdempotencyKey { get; internal set; }

    /// <summary>The generation that was waited for, when the failure is about one.</summary>
    public RequestId? RequestId { get; init; }

    /// <summary>
    /// The one place that decides what is worth trying again: no answer or an unreadable one, 409 <c>request_in_progress</c>,
    /// 429, and every 5xx. The client has already tried within its budget; what remains is for the caller's patience.
    /// </summary>
    public bool IsTransient =>
        Status is null or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
        || Code is ClipiaErrorCodes.RequestInProgress or ClipiaErrorCodes.InvalidAnswer;

    /// <summary>
    /// True when a submission may have been accepted all the same: no answer, an unreadable success, or a 5xx, in this
    /// attempt or in an earlier one of the same call. Repeat it with the same key and bytes, never with others.
    /// </summary>
    public bool IsOutcomeUnknown =>
        EarlierOutcomeUnknown
        || Status is null or >= HttpStatusCode.InternalServerError or (>= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices);

    /// <summary>Decided on this side: this attempt was not sent.</summary>
    internal bool IsUnsent { get; init; }

    internal bool EarlierOutcomeUnknown { get; set; }
}
