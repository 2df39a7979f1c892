using System.Net;
using System.Text;

namespace Clipia.Tests.Emulator;

public sealed class ErrorTests
{
    public static TheoryData<string> BadBodies => new(
        "", "{", "[]", "null", "\"x\"", "{}", """{"input":null}""", """{"input":[]}""", """{"input":{"prompt":"a","prompt":"b"}}""",
        """{"input":{"prompt":"\ud800"}}""", """{"input":{},"webhook_url":5}""", """{"input":{},"webhook_url":"ftp://x/y"}""",
        """{"input":{},"webhook_url":"/relative"}""", "{\"input\":{\"x\":" + new string('[', 100) + new string(']', 100) + "}}",
        "{\"input\":{},\"webhook_url\":\"http://127.0.0.1/" + new string('a', 2048) + "\"}",
        "{\"input\":{\"prompt\":\"" + new string('a', 1024 * 1024) + "\"}}");

    [Theory, MemberData(nameof(BadBodies))]
    public async Task Submit_MalformedBody_IsAnInvalidRequest(string body)
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        foreach (var path in new[] { "/v1/models/sora-2", "/v1/models/sora-2/estimate" })
        {
            var answer = await emulator.Live.PostAsync(path, body);
            Assert.Equal((400, "invalid_request", "application/json"), (answer.Status, answer.Code, answer.ContentType));
        }
    }

    [Fact]
    public async Task Submit_ChunkedOrNotUtf8_IsReadOrRefusedProperly()
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        using var large = new StreamContent(new MemoryStream(new byte[3 * 1024 * 1024]));
        large.Headers.ContentLength = null;
        Assert.Equal(400, (await emulator.Live.SendAsync(HttpMethod.Post, "/v1/models/sora-2", large)).Status);
        using var latin = new ByteArrayContent(Encoding.Latin1.GetBytes("""{"input":{"prompt":"é"}}"""));
        Assert.Equal("invalid_request", (await emulator.Live.SendAsync(HttpMethod.Post, "/v1/models/sora-2", latin)).Code);
    }

    [Theory]
    [InlineData("GET", "/v1/nothing", 404, "not_found")]
    [InlineData("GET", "/v1", 404, "not_found")]
    [InlineData("GET", "/v1/requests/nope", 404, "not_found")]
    [InlineData("GET", "/v1/requests/nope/status", 404, "not_found")]
    [InlineData("POST", "/v1/requests/nope/cancel", 404, "not_found")]
    [InlineData("GET", "/v1/models/nope", 404, "not_found")]
    [InlineData("POST", "/v1/models/claude-opus-4-8", 404, "not_found")]
    [InlineData("DELETE", "/v1/models/sora-2", 405, "invalid_request")]
    [InlineData("POST", "/v1/account", 405, "invalid_request")]
    public async Task Call_NoSuchThing_AnswersTheEnvelope(string method, string path, int status, string code)
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var answer = await emulator.Live.SendAsync(new(method), path, null);

        Assert.Equal((status, code, "application/json"), (answer.Status, answer.Code, answer.ContentType));
        Assert.Equal("100000", answer.Header("RateLimit-Limit"));
    }

    [Theory]
    [InlineData("Authorization", "Bearer {0}", 200)]
    [InlineData("Authorization", "bearer {0}", 200)]
    [InlineData("Authorization", "Key {0}", 200)]
    [InlineData("X-Api-Key", "{0}", 200)]
    [InlineData("Authorization", "{0}", 401)]
    [InlineData("Authorization", "Basic {0}", 401)]
    [InlineData("Authorization", "Bearer {0}x", 401)]
    [InlineData("Authorization", "Bearer ", 401)]
    [InlineData("X-Other", "{0}", 401)]
    public async Task Call_KeyInHeader_IsUnderstood(string header, string value, int status)
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/account");
        request.Headers.TryAddWithoutValidation(header, string.Format(null, value, emulator.Api.LiveKey));

        using var response = await emulator.Local.Http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        if (status == 401)
        {
            var answer = await Answer.ReadAsync(response);
            Assert.Equal("invalid_api_key", answer.Code);
            Assert.DoesNotContain(emulator.Api.LiveKey!, answer.Body.GetRawText());
        }
    }

    [Fact]
    public async Task Key_RevokedOrWithoutScope_IsRefused()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var made = await emulator.Local.PostAsync("/_local/keys", """{"name":"reader","environment":"live","scopes":["read"]}""");
        using var reader = new Caller(emulator.Api.BaseUrl, made.Text("key"));

        var submit = await reader.SubmitAsync("sora-2", """{"prompt":"a"}""");
        Assert.Equal((403, "insufficient_scope"), (submit.Status, submit.Code));
        Assert.Equal(200, (await reader.PostAsync("/v1/models/sora-2/estimate", """{"input":{"prompt":"a"}}""")).Status);

        Assert.Equal(200, (await emulator.Local.SendAsync(HttpMethod.Delete, $"/_local/keys/{made.Text("id")}", null)).Status);
        Assert.Equal((401, "invalid_api_key"), ((await reader.GetAsync("/v1/account")).Status, (await reader.GetAsync("/v1/account")).Code));
        Assert.DoesNotContain(made.Text("key"), (await emulator.Local.GetAsync("/_local/keys")).Body.GetRawText());
    }

    [Fact]
    public async Task Request_OfAnotherAccount_IsNotFound()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var made = await emulator.Local.PostAsync("/_local/keys", """{"environment":"live","account":"acc_other"}""");
        using var stranger = new Caller(emulator.Api.BaseUrl, made.Text("key"));
        var submitted = await emulator.Live.SubmitAsync("sora-2", """{"prompt":"a"}""");

        Assert.Equal(404, (await stranger.GetAsync($"/v1/requests/{submitted.Id}")).Status);
        Assert.Equal(402, (await stranger.SubmitAsync("sora-2", """{"prompt":"a"}""")).Status);
        Assert.Equal(99_983, (await emulator.Live.GetAsync("/v1/account")).Body.GetProperty("balance").GetProperty("credits").GetInt32());
    }

    [Fact]
    public async Task Local_FromAForeignPage_IsForbidden()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_local/credits") { Content = new StringContent("""{"credits":1}""") };
        request.Headers.Add("Origin", "https://example.com");
        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/_local/requests");
        rebound.Headers.Host = "example.com";
        Assert.Contains("default-src 'none'", (await emulator.Local.Http.GetAsync("/")).Headers.GetValues("Content-Security-Policy").Single());

        Assert.Equal(HttpStatusCode.Forbidden, (await emulator.Local.Http.SendAsync(request)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await emulator.Local.Http.SendAsync(rebound)).StatusCode);
    }
}
