using System.Net;
using System.Text.Json;

namespace Clipia;

/// <summary>A success, understood as JSON and not yet as anything particular.</summary>
internal sealed record Answer(HttpStatusCode Status, JsonElement Raw, RateLimit? RateLimit)
{
    public RequestId? RequestId() => Raw.Text("request_id") is { Length: > 0 } id ? new RequestId(id) : null;

    public RequestId RequiredRequestId() => RequestId() ?? throw Unreadable("has no request_id");

    public ClipiaException Unreadable(string why) =>
        new($"Clipia's answer {why}.", Status, ClipiaErrorCodes.InvalidAnswer) { Raw = Raw, RateLimit = RateLimit };
}
