using System.Text;
using System.Text.Json;
using Clipia.Tests.Support;

namespace Clipia.Tests.Client;

public sealed class SubmitTests
{
    [Fact]
    public async Task SubmitAsync_Accepted_ReadsEveryField()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(Some.SubmitAnswer));

        var submission = await Some.Client(api).Queue.SubmitAsync("nano-banana-2", Some.Input);

        Assert.Equal(new RequestId("r1"), submission.RequestId);
        Assert.Equal(RequestStatus.InQueue, submission.Status);
        Assert.Equal(0, submission.QueuePosition);
        Assert.Equal(new Uri("http://127.0.0.1/v1/requests/r1/status"), submission.StatusUrl);
        Assert.Equal(new Uri("http://127.0.0.1/v1/requests/r1"), submission.ResponseUrl);
        Assert.Equal(4m, submission.Cost);
        Assert.Equal("r1", submission.Raw.GetProperty("request_id").GetString());
    }

    [Fact]
    public async Task SubmitAsync_OnTheWire_LooksLikeTheOfficialClients()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(Some.SubmitAnswer));

        await Some.Client(api).Queue.SubmitAsync(
            "nano-banana-2",
            Some.Json("""{ "prompt": "рассвет 🌅 & <sea>", "num_images": 2 }"""),
            new SubmitOptions { IdempotencyKey = "order-42", WebhookUrl = new Uri("https://example.com/hooks?a=1&b=2") });

        var request = Assert.Single(api.Requests);
        Assert.Equal("POST", request.Method);
        Assert.Equal("/v1/models/nano-banana-2", request.Target);
        Assert.Equal($"Bearer {Some.ApiKey}", request.Headers["Authorization"]);
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal("application/json", request.Headers["Accept"]);
        Assert.Equal("clipia-sdk-dotnet/0.1.0", request.Headers["User-Agent"]);
        Assert.Equal("order-42", request.Headers["Idempotency-Key"]);
        Assert.Equal(
            """{"input":{"prompt":"рассвет \uD83C\uDF05 & <sea>","num_images":2},"webhook_url":"https://example.com/hooks?a=1&b=2"}""",
            Encoding.UTF8.GetString(request.Body));
    }

    [Fact]
    public async Task SubmitAsync_WithoutKey_DrawsAFreshUuidAndTellsIt()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(Some.SubmitAnswer));
        var client = Some.Client(api);

        var first = await client.Queue.SubmitAsync("m", Some.Input);
        var second = await client.Queue.SubmitAsync("m", Some.Input);

        Assert.Equal('4', Guid.Parse(first.IdempotencyKey!).ToString()[14]);
        Assert.NotEqual(first.IdempotencyKey, second.IdempotencyKey);
        Assert.Equal([first.IdempotencyKey, second.IdempotencyKey], api.Requests.Select(r => r.Headers["Idempotency-Key"]));
    }

    [Fact]
    public async Task SubmitAsync_StoredBytes_AreSentAsTheyAre()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(Some.SubmitAnswer));
        var stored = "{ \"input\" : {},\n \"webhook_url\":null }"u8.ToArray();

        await Some.Client(api).Queue.SubmitAsync("m", stored, "k1");

        Assert.Equal(stored, Assert.Single(api.Requests).Body);
    }

    [Fact]
    public async Task SubmitAsync_RetriedAfterEveryKindOfTrouble_SendsSameKeyAndBytes()
    {
        await using var api = await FakeApi.StartAsync(
            Answers.Reset,
            Answers.Error(409, "request_in_progress"),
            Answers.Error(429, "rate_limit_exceeded"),
            Answers.Error(500, "internal_error"),
            Answers.Html(502),
            Answers.Error(503, "service_unavailable"),
            Answers.Html(504),
            Answers.Json(Some.SubmitAnswer));

        var submission = await Some.Client(api).Queue.SubmitAsync("m", Some.Input);

        Assert.Equal(8, api.Requests.Count);
        Assert.Single(api.Requests.Select(r => r.Headers["Idempotency-Key"]).Distinct());
        Assert.Single(api.Requests.Select(r => Convert.ToHexString(r.Body)).Distinct());
        Assert.Equal(submission.IdempotencyKey, api.Requests[0].Headers["Idempotency-Key"]);
    }

    [Theory]
    [InlineData("weird/slug x", "/v1/models/weird%2Fslug%20x")]
    [InlineData("a?b#c", "/v1/models/a%3Fb%23c")]
    [InlineData("100%", "/v1/models/100%25")]
    [InlineData("é", "/v1/models/%C3%A9")]
    [InlineData("!'()*", "/v1/models/%21%27%28%29%2A")]
    public async Task SubmitAsync_OddSlug_StaysOneSegment(string slug, string target)
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(Some.SubmitAnswer));

        await Some.Client(api).Queue.SubmitAsync(slug, Some.Input);

        Assert.Equal(target, Assert.Single(api.Requests).Target);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(".")]
    [InlineData("..")]
    public async Task SubmitAsync_SlugThatIsNoSegment_IsRefusedUnsent(string slug)
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(Some.SubmitAnswer));

        await Assert.ThrowsAnyAsync<ArgumentException>(() => Some.Client(api).Queue.SubmitAsync(slug, Some.Input));

        Assert.Empty(api.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\r\nlines")]
    [InlineData("ключ")]
    [InlineData(" k")]
    public async Task SubmitAsync_KeyThatIsNoHeaderValue_IsRefusedUnsent(string key)
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(Some.SubmitAnswer));

        await Assert.ThrowsAsync<ArgumentException>(
            () => Some.Client(api).Queue.SubmitAsync("m", Some.Input, new SubmitOptions { IdempotencyKey = key }));

        Assert.Empty(api.Requests);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    public void CreateBody_InputIsNoObject_Throws(string input) =>
        Assert.Throws<ArgumentException>(() => QueueClient.CreateBody(Some.Json(input), null));

    [Fact]
    public void CreateBody_DefaultInput_Throws() => Assert.Throws<ArgumentException>(() => QueueClient.CreateBody(default(JsonElement), null));

    [Fact]
    public void CreateBody_HalfASurrogatePair_Throws() =>
        Assert.Throws<ArgumentException>(() => QueueClient.CreateBody(Some.Json("""{"prompt":"\ud83d"}"""), null));

    [Theory]
    [InlineData("/relative")]
    [InlineData("ftp://example.com/x")]
    public void CreateBody_WebhookIsNoWebAddress_Throws(string url) =>
        Assert.Throws<ArgumentException>(() => QueueClient.CreateBody(Some.Input, new Uri(url, UriKind.RelativeOrAbsolute)));

    [Fact]
    public void CreateBody_Numbers_KeepTheirSpelling() =>
        Assert.Equal(
            """{"input":{"a":1.50,"b":1E+3,"c":12345678901234567890123}}""",
            Encoding.UTF8.GetString(QueueClient.CreateBody(Some.Json("""{"a":1.50,"b":1E+3,"c":12345678901234567890123}"""), null)));
}
