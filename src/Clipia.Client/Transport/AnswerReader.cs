namespace Clipia;

/// <summary>Turns one HTTP response into an answer or an exception.</summary>
internal sealed class AnswerReader(string apiKey, TimeProvider time)
{
    private const int LongestAnswer = 8 * 1024 * 1024;
    private const int LongestError = 64 * 1024;

    public async Task<Answer> ReadAsync(Uri asked, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var rateLimit = RateLimitHeaders.Read(response.Headers, now);

        // A handler that follows redirects by itself cannot be forbidden to; what it brings back is refused.
        if (response.RequestMessage?.RequestUri is { } answered && answered != asked)
            throw Refusal(ClipiaErrorCodes.UnexpectedRedirect, "redirects are not followed.");
        if (!response.IsSuccessStatusCode)
            throw await ReadErrorAsync().ConfigureAwait(false);

        var body = await BoundedBody.ReadAsync(response.Content, LongestAnswer, cancellationToken).ConfigureAwait(false)
            ?? throw Refusal(ClipiaErrorCodes.AnswerTooLarge, $"more than {LongestAnswer} bytes.");
        return LenientReader.TryReadObject(body, out var json)
            ? new Answer(response.StatusCode, json, rateLimit)
            : throw Refusal(ClipiaErrorCodes.InvalidAnswer, "no JSON object.");

        async Task<ClipiaException> ReadErrorAsync()
        {
            var body = await ReadErrorBodyAsync(response.Content, cancellationToken).ConfigureAwait(false);
            var error = ErrorAnswer.Read(response.StatusCode, body, apiKey);
            return Refusal(error.Code, error.Message, error);
        }

        ClipiaException Refusal(string code, string message, ErrorAnswer? error = null) =>
            new($"Clipia answered {(int)response.StatusCode} {code}: {message}", response.StatusCode, code)
            {
                RetryAfter = RetryAfterHeader.Read(response.Headers, now),
                RateLimit = rateLimit,
                Raw = error?.Raw,
            };
    }

    // The status has arrived and says what matters; a body that breaks off must not turn a 401 into a network error.
    private static async Task<byte[]?> ReadErrorBodyAsync(HttpContent content, CancellationToken cancellationToken)
    {
        try
        {
            return await BoundedBody.ReadAsync(content, LongestError, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return null;
        }
    }
}
