using System.Net;

namespace Clipia;

/// <summary>The result of a generation, or the news that there is none yet.</summary>
/// <param name="RequestId">The generation.</param>
/// <param name="Status">Its status; COMPLETED, FAILED or CANCELED once <paramref name="Pending"/> is false.</param>
/// <param name="Pending">True while the generation is not over; everything below is then empty.</param>
/// <param name="Model">Slug of the model.</param>
/// <param name="Files">The outputs in order; empty unless COMPLETED.</param>
/// <param name="Error">Why there is no output, for FAILED.</param>
/// <param name="Cost">Credits as the answer shows them. Only COMPLETED is charged, whatever is shown for the others.</param>
/// <param name="CreatedAt">When it was accepted.</param>
/// <param name="CompletedAt">When it ended.</param>
public sealed record GenerationResult(
    RequestId RequestId,
    RequestStatus Status,
    bool Pending,
    string? Model,
    IReadOnlyList<MediaFile> Files,
    GenerationError? Error,
    decimal? Cost,
    DateTimeOffset? CreatedAt,
    DateTimeOffset? CompletedAt) : ClipiaAnswer
{
    internal static GenerationResult Read(Answer answer, RequestId asked)
    {
        var json = answer.Raw;
        var status = json.Status();
        return new(
            answer.RequestId() ?? asked,
            status,
            answer.Status == HttpStatusCode.Accepted || !status.IsTerminal,
            json.Text("model"),
            MediaFiles.Read(json.Field("output")),
            GenerationError.Read(json),
            json.Credits("cost"),
            json.Instant("created_at"),
            json.Instant("completed_at"))
        {
            Raw = json,
            RateLimit = answer.RateLimit,
        };
    }
}
