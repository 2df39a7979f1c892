using System.Globalization;
using System.Text.Json.Serialization;

namespace Clipia.Emulator;

/// <summary>GET /v1/requests/{id}/status and GET /v1/requests/{id}. Sections 3.2 and 3.3 of the contract.</summary>
internal sealed class RequestRoutes(GenerationDesk desk, TimeProvider time)
{
    public Task<Reply> StatusAsync(ApiCall call)
    {
        if (desk.Find(call.Argument, call.Key) is not { } generation)
            return Task.FromResult(Errors.RequestNotFound);

        var now = time.GetUtcNow();
        var status = generation.StatusAt(now);
        return Task.FromResult(Reply.Ok(new StatusReply(
            generation.Id,
            status,
            status == GenerationStatus.InQueue ? generation.QueuePositionAt(now) : null,
            status is GenerationStatus.InProgress or GenerationStatus.Completed ? generation.ProgressAt(now) : null,
            [])));
    }

    public Task<Reply> ResultAsync(ApiCall call)
    {
        if (desk.Find(call.Argument, call.Key) is not { } generation)
            return Task.FromResult(Errors.RequestNotFound);

        var status = generation.StatusAt(time.GetUtcNow());
        if (status is GenerationStatus.InQueue or GenerationStatus.InProgress)
            return Task.FromResult(new Reply(StatusCodes.Status202Accepted, new { RequestId = generation.Id, Status = status }));

        var completed = status == GenerationStatus.Completed;
        return Task.FromResult(Reply.Ok(new
        {
            RequestId = generation.Id,
            Status = status,
            Model = generation.Model.Slug,
            Output = completed ? Output.Of(generation, call.Origin) : null,
            Error = status == GenerationStatus.Failed ? generation.Error : null,
            Cost = completed ? generation.Cost : (int?)null,
            CreatedAt = Instant(generation.CreatedAt),
            CompletedAt = Instant(generation.FinishesAt),
        }));
    }

    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private sealed record StatusReply(
        string RequestId,
        string Status,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? QueuePosition,
        int? Progress,
        object[] Logs);
}
