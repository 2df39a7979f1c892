using System.Text.Json;
using Clipia.Tests.Support;

namespace Clipia.Tests.Client;

/// <summary>Values that do not matter to a test.</summary>
internal static class Some
{
    public const string ApiKey = "clipia_live_0123456789abcdefghij01";

    public const string SubmitAnswer =
        """{"request_id":"r1","status":"IN_QUEUE","queue_position":0,"status_url":"http://127.0.0.1/v1/requests/r1/status","response_url":"http://127.0.0.1/v1/requests/r1","cost":4}""";

    public const string AccountAnswer =
        """{"account_id":"acc1","balance":{"credits":1234.5},"usage_30d":{"requests":12,"credits_spent":48}}""";

    public static JsonElement Input => Json("""{"prompt":"a quiet harbour"}""");

    public static JsonElement Json(string json) => JsonElement.Parse(json);

    public static ClipiaClient Client(FakeApi api, TimeProvider? time = null, Action<ClipiaClientOptions>? configure = null)
    {
        var options = new ClipiaClientOptions { BaseUrl = api.Url, ApiKey = ApiKey };
        configure?.Invoke(options);
        return new ClipiaClient(new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }), options, time ?? new JumpingTime());
    }
}

internal static class Chaining
{
    public static T Also<T>(this T subject, Action<T> act)
    {
        act(subject);
        return subject;
    }
}
