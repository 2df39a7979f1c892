namespace Clipia;

/// <summary>Codes of <see cref="ClipiaException.Code"/>: those that Clipia documents and those that this library adds.</summary>
public static class ClipiaErrorCodes
{
    /// <summary>400: malformed body or parameters.</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>401: the key is missing, wrong or revoked.</summary>
    public const string InvalidApiKey = "invalid_api_key";

    /// <summary>402: the balance is lower than the cost.</summary>
    public const string InsufficientCredits = "insufficient_credits";

    /// <summary>402: no active plan; more credits do not help.</summary>
    public const string SubscriptionRequired = "subscription_required";

    /// <summary>403: the key lacks the scope, <c>generate</c> for a submission.</summary>
    public const string InsufficientScope = "insufficient_scope";

    /// <summary>404: unknown request or model.</summary>
    public const string NotFound = "not_found";

    /// <summary>409: the same idempotency key came with other bytes before.</summary>
    public const string IdempotencyKeyReuse = "idempotency_key_reuse";

    /// <summary>409: an earlier send with the same key is still being answered; repeat the same send after a pause.</summary>
    public const string RequestInProgress = "request_in_progress";

    /// <summary>422: the input does not fit the model.</summary>
    public const string ModelInputInvalid = "model_input_invalid";

    /// <summary>429: too many requests a minute, or too many generations at once.</summary>
    public const string RateLimitExceeded = "rate_limit_exceeded";

    /// <summary>500: a fault on Clipia's side.</summary>
    public const string InternalError = "internal_error";

    /// <summary>503: temporarily unavailable.</summary>
    public const string ServiceUnavailable = "service_unavailable";

    /// <summary>Added here: an error answer without a code, an HTML page of a proxy for instance.</summary>
    public const string UnknownError = "unknown_error";

    /// <summary>Added here: no answer arrived, or it broke off.</summary>
    public const string NetworkError = "network_error";

    /// <summary>Added here: no whole answer within the time of one attempt.</summary>
    public const string Timeout = "timeout";

    /// <summary>Added here: a success that cannot be understood (no JSON, cut off, no request id).</summary>
    public const string InvalidAnswer = "invalid_answer";

    /// <summary>Added here: a success longer than this library reads.</summary>
    public const string AnswerTooLarge = "answer_too_large";

    /// <summary>Added here: an answer that sends elsewhere. Redirects are never followed, since they would carry the key.</summary>
    public const string UnexpectedRedirect = "unexpected_redirect";

    /// <summary>Added here: the generation was not terminal when the time for waiting was over. It goes on upstream.</summary>
    public const string WaitTimeout = "wait_timeout";
}
