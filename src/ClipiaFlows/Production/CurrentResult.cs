using Clipia;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Production.Rows;

namespace ClipiaFlows.Production;

/// <summary>Reads the result of a finished generation again: the addresses of its files expire, and a fresh result names fresh ones.</summary>
/// <remarks>May run more than once; reading costs a request of the key's rate and no credits, and yields to submissions.</remarks>
public sealed class CurrentResult(KeyPacing pacing, ClipiaClient clipia)
{
    /// <summary>
    /// Takes the addresses that the result names now into the attempt's row; the caller writes the row. When Clipia does not
    /// know the result any more or does not answer, those from before stay.
    /// </summary>
    /// <returns>When to try again, if the request rate allows no request now; otherwise <c>null</c>.</returns>
    public async Task<DateTimeOffset?> ReadAsync(AttemptRow attempt, CancellationToken cancellation)
    {
        if (await pacing.TakeTurnAsync(cancellation) is { } later)
            return later;
        try
        {
            var result = await clipia.Requests.GetResultAsync(new RequestId(attempt.RequestId!), cancellation);
            await pacing.LearnAsync(result.RateLimit, cancellation);
            if (result.Status == RequestStatus.Completed && result.Raw.TryGetProperty("output", out var output) && MediaFiles.Places(output).Any())
                (attempt.OutputJson, attempt.IsResultStale) = (GeneratedOutput.Storable(output), false);
        }
        catch (ClipiaException refusal)
        {
            if (refusal.Status is System.Net.HttpStatusCode.TooManyRequests)
                await pacing.RefusedAsync(refusal, cancellation);
        }

        return null;
    }
}
