using System.Text.Json.Serialization;

namespace Clipia.Emulator;

internal sealed record SubmitReply(
    string RequestId,
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? QueuePosition,
    string StatusUrl,
    string ResponseUrl,
    int Cost)
{
    public static SubmitReply Of(Generation generation, string origin, DateTimeOffset now)
    {
        var url = $"{origin}/v1/requests/{generation.Id}";
        var status = generation.StatusAt(now);
        int? position = status == GenerationStatus.InQueue ? generation.QueuePositionAt(now) : generation.Key.IsTest ? 0 : null;
        return new(generation.Id, status, position, url + "/status", url, generation.Cost);
    }
}
