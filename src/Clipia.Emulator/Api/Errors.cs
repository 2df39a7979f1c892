namespace Clipia.Emulator;

/// <summary>Every error of the API. Section 9 of the contract.</summary>
internal static class Errors
{
    private const string InvalidRequestType = "invalid_request_error";

    public static readonly Reply InvalidApiKey =
        Create(401, "authentication_error", "invalid_api_key", "The API key is missing, unknown or revoked.");

    public static readonly Reply InsufficientScope =
        Create(403, "permission_error", "insufficient_scope", "This key lacks the scope 'generate'.");

    public static readonly Reply ForeignOrigin =
        Create(403, "permission_error", "forbidden_origin", "Pages of other sites may not call the emulator.");

    public static readonly Reply IdempotencyKeyReuse =
        Create(409, InvalidRequestType, "idempotency_key_reuse", "This Idempotency-Key was used with other parameters.");

    public static readonly Reply RequestInProgress =
        Create(409, InvalidRequestType, "request_in_progress", "The first request with this Idempotency-Key is still being answered.") with { RetryAfter = 1 };

    public static readonly Reply InsufficientCredits =
        Create(402, InvalidRequestType, "insufficient_credits", "The balance does not cover the cost of this request.");

    public static readonly Reply TooManyRunning = RateLimited(5, "Too many generations of this key are running.");

    public static readonly Reply Internal = Create(500, "api_error", "internal_error", "Something went wrong.");

    public static readonly Reply RequestNotFound = NotFound("There is no such request.");
    public static readonly Reply ModelNotFound = NotFound("There is no such model.");
    public static readonly Reply RouteNotFound = NotFound("There is no such route.");

    public static Reply RateLimited(int retryAfter, string message = "Too many requests.") =>
        Create(429, "rate_limit_error", "rate_limit_exceeded", message) with { RetryAfter = retryAfter };

    public static Reply InvalidRequest(string message) => Create(400, InvalidRequestType, "invalid_request", message);

    public static Reply InvalidInput(string message) => Create(422, InvalidRequestType, "model_input_invalid", message);

    public static Reply WrongMethod(string allow) =>
        Create(405, InvalidRequestType, "invalid_request", $"This route answers {allow} only.") with { Allow = allow };

    public static Reply NotFound(string message) => Create(404, InvalidRequestType, "not_found", message);

    /// <summary>The error that a scenario asks for.</summary>
    public static Reply Of(ScenarioRule rule)
    {
        var status = rule.Status ?? 500;
        var (type, code) = status switch
        {
            402 => (InvalidRequestType, "insufficient_credits"),
            429 => ("rate_limit_error", "rate_limit_exceeded"),
            503 => ("api_error", "service_unavailable"),
            >= 500 => ("api_error", "internal_error"),
            _ => (InvalidRequestType, "invalid_request"),
        };
        return Create(status, type, rule.Code ?? code, rule.Message ?? "Caused by a scenario.") with { RetryAfter = rule.RetryAfter };
    }

    private static Reply Create(int status, string type, string code, string message) =>
        new(status, new { Error = new { Type = type, Code = code, Message = message } });
}
