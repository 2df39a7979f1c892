using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Clipia.Emulator;

namespace Clipia.Tests.Emulator;

public sealed class McpTests : IAsyncLifetime, IDisposable
{
    private const string LiveKey = "clipia_live_0123456789abcdef";
    private const string TestKey = "clipia_test_0123456789abcdef";
    private readonly HttpClient _http = new();
    private EmulatorApi _api = null!;

    public async Task InitializeAsync()
    {
        _api = await EmulatorApi.StartAsync(new() { LiveKey = LiveKey, TestKey = TestKey, ImageSeconds = 0.2, VideoSeconds = 0.2, Credits = 200 });
        _http.BaseAddress = _api.BaseUrl;
    }

    public void Dispose() => _http.Dispose();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Theory]
    [InlineData("Authorization", "Bearer " + LiveKey, 200)]
    [InlineData("Authorization", "Key " + LiveKey, 200)]
    [InlineData("X-Api-Key", LiveKey, 200)]
    [InlineData("X-Api-Key", TestKey, 200)]
    [InlineData("Authorization", LiveKey, 401)]
    [InlineData("Authorization", "Bearer clipia_live_unknown", 401)]
    [InlineData("X-Other", LiveKey, 401)]
    public async Task Post_EachHeaderScheme_IsAcceptedAndNothingElse(string header, string value, int status)
    {
        using var request = RequestFor("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", null);
        request.Headers.TryAddWithoutValidation(header, value);

        using var response = await _http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        if (status == 401)
            Assert.Contains("invalid_api_key", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ToolsList_WithoutASession_ShowsEightToolsWithAnnotations()
    {
        var tools = (await SendAsync("tools/list", "{}")).GetProperty("tools").EnumerateArray().ToDictionary(tool => tool.GetProperty("name").GetString()!);

        Assert.Equal(
            ["generate_image", "generate_video", "get_balance", "get_generation", "get_model", "list_models", "search_templates", "wait_generation"],
            tools.Keys.Order());
        foreach (var (name, tool) in tools)
        {
            var annotations = tool.GetProperty("annotations");
            Assert.Equal(!name.StartsWith("generate_", StringComparison.Ordinal), annotations.GetProperty("readOnlyHint").GetBoolean());
            if (name.StartsWith("generate_", StringComparison.Ordinal))
            {
                Assert.False(annotations.GetProperty("destructiveHint").GetBoolean());
                Assert.False(annotations.GetProperty("idempotentHint").GetBoolean());
                Assert.True(annotations.GetProperty("openWorldHint").GetBoolean());
            }
        }
        Assert.Equal("prompt", tools["generate_image"].GetProperty("inputSchema").GetProperty("required")[0].GetString());
    }

    [Fact]
    public async Task GenerateImage_Defaults_ReturnsTheFinishedImageWithAPreview()
    {
        var result = await CallAsync("generate_image", """{"prompt":"a fox","num_images":2,"resolution":"2k"}""");

        var structured = result.GetProperty("structuredContent");
        Assert.Equal(("COMPLETED", "nano-banana-2", 8), (Text(structured, "status"), Text(structured, "model"), structured.GetProperty("cost_credits").GetInt32()));
        Assert.Equal(2, structured.GetProperty("output").GetProperty("images").GetArrayLength());
        Assert.Equal(structured.GetRawText(), JsonDocument.Parse(Text(result.GetProperty("content")[0], "text")).RootElement.GetRawText());
        var preview = result.GetProperty("content")[1];
        Assert.Equal("image", Text(preview, "type"));
        var display = await _http.GetByteArrayAsync(Text(structured.GetProperty("output").GetProperty("images")[0], "url"));
        Assert.Equal(display, preview.GetProperty("data").GetBytesFromBase64());

        var again = await CallAsync("get_generation", $$"""{"request_id":"{{Text(structured, "request_id")}}","include_preview":false}""");
        Assert.Equal(1, again.GetProperty("content").GetArrayLength());
        Assert.Equal("COMPLETED", Text(again.GetProperty("structuredContent"), "status"));
    }

    [Theory]
    [InlineData("""{"prompt":"waves"}""", "seedance-2-fast-t2v", 47)]
    [InlineData("""{"prompt":"waves","resolution":"480p"}""", "seedance-2-fast-t2v", 28)]
    [InlineData("""{"prompt":"waves","image_url":"https://example.com/a.png"}""", "seedance-2-fast-i2v", 47)]
    [InlineData("""{"prompt":"waves","model":"sora-2"}""", "sora-2", 17)]
    public async Task GenerateVideo_ReturnsAtOnce_AndWaitBringsTheVideo(string arguments, string model, int cost)
    {
        var started = (await CallAsync("generate_video", arguments)).GetProperty("structuredContent");
        Assert.Equal(("IN_QUEUE", model, cost), (Text(started, "status"), Text(started, "model"), started.GetProperty("cost_credits").GetInt32()));
        Assert.Contains("wait_generation", Text(started, "next_step"), StringComparison.Ordinal);

        var ended = (await CallAsync("wait_generation", $$"""{"request_id":"{{Text(started, "request_id")}}","wait_seconds":30}""")).GetProperty("structuredContent");

        Assert.Equal("COMPLETED", Text(ended, "status"));
        Assert.EndsWith(".mp4", Text(ended.GetProperty("output").GetProperty("video"), "url"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitGeneration_NoTimeLeft_ReturnsTheStatusSoFar()
    {
        await _http.PostAsync("/_local/scenarios", new StringContent("""{"effect":"slow","factor":1000}""", Encoding.UTF8, "application/json"));
        var id = Text((await CallAsync("generate_video", """{"prompt":"waves"}""")).GetProperty("structuredContent"), "request_id");

        var waited = (await CallAsync("wait_generation", $$"""{"request_id":"{{id}}","wait_seconds":0}""")).GetProperty("structuredContent");

        Assert.Contains(Text(waited, "status"), new[] { "IN_QUEUE", "IN_PROGRESS" });
        Assert.Equal(47, waited.GetProperty("cost_credits").GetInt32());
        Assert.False(waited.TryGetProperty("output", out _));
    }

    [Fact]
    public async Task GenerateImage_TestKey_CompletesAndCostsNothing()
    {
        var result = (await CallAsync("generate_image", """{"prompt":"a fox"}""", TestKey)).GetProperty("structuredContent");

        Assert.Equal(("COMPLETED", 4), (Text(result, "status"), result.GetProperty("cost_credits").GetInt32()));
        Assert.Equal(200, (await CallAsync("get_balance", "{}")).GetProperty("structuredContent").GetProperty("balance").GetProperty("credits").GetInt32());
    }

    [Theory]
    [InlineData("generate_image", "{}", "invalid_request")]
    [InlineData("generate_image", """{"prompt":"a","num_images":9}""", "model_input_invalid")]
    [InlineData("generate_image", """{"prompt":"a","model":"weird/slug x"}""", "not_found")]
    [InlineData("generate_video", """{"prompt":"a","duration":15,"resolution":"1080p","model":"kling-3"}""", null)]
    [InlineData("generate_video", """{"prompt":"a","duration":99}""", "model_input_invalid")]
    [InlineData("get_generation", """{"request_id":"nothing"}""", "not_found")]
    [InlineData("wait_generation", """{"request_id":"nothing"}""", "not_found")]
    [InlineData("get_model", """{"model":"nothing"}""", "not_found")]
    [InlineData("search_templates", """{"query":""}""", "invalid_request")]
    public async Task Tool_RefusedByTheApi_IsAnErrorWithItsEnvelope(string tool, string arguments, string? code)
    {
        var result = await CallAsync(tool, arguments);

        Assert.Equal(code is not null, result.TryGetProperty("isError", out var error) && error.GetBoolean());
        if (code is not null)
            Assert.Equal(code, Text(JsonDocument.Parse(Text(result.GetProperty("content")[0], "text")).RootElement.GetProperty("error"), "code"));
    }

    [Theory]
    [InlineData("generate_image", """{"prompt":"a","model":5}""", "'model'")]
    [InlineData("generate_image", """{"prompt":"a","include_preview":"no"}""", "'include_preview'")]
    [InlineData("generate_image", """{"prompt":5}""", "'prompt'")]
    [InlineData("generate_image", """{"prompt":"a","model":"sora-2"}""", "generate_video")]
    [InlineData("generate_video", """{"prompt":"a","model":"flux-2-pro"}""", "generate_image")]
    [InlineData("generate_video", """{"prompt":"a","duration":"5"}""", "'duration'")]
    [InlineData("wait_generation", """{"request_id":"a","wait_seconds":1.5}""", "'wait_seconds'")]
    [InlineData("search_templates", """{"query":"a","limit":"many"}""", "'limit'")]
    [InlineData("list_models", """{"search":5}""", "'search'")]
    public async Task Tool_ArgumentOfTheWrongKind_IsNamedAndNothingIsSpent(string tool, string arguments, string named)
    {
        var result = await CallAsync(tool, arguments);

        Assert.True(result.GetProperty("isError").GetBoolean());
        Assert.Contains(named, result.GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(200, (await CallAsync("get_balance", "{}")).GetProperty("structuredContent").GetProperty("balance").GetProperty("credits").GetInt32());
    }

    [Fact]
    public async Task ToolsCall_WithoutParameters_IsAProtocolError()
    {
        using var request = RequestFor("""{"jsonrpc":"2.0","id":1,"method":"tools/call"}""", LiveKey);
        using var response = await _http.SendAsync(request);

        var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement;
        Assert.Equal(-32602, answer.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData("Caf\u00E9")]
    [InlineData("\\ud83d")]
    public async Task ToolsCall_TextThatIsNotUnicode_IsRefused(string prompt)
    {
        var body = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"generate_image","arguments":{"prompt":"PROMPT"}}}""".Replace("PROMPT", prompt, StringComparison.Ordinal);
        using var request = RequestFor("", LiveKey);
        using var content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
        content.Headers.ContentType = new("application/json");
        request.Content = content;
        using var response = await _http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("truncate_answer")]
    [InlineData("html_answer")]
    public async Task Tool_AnswerThatCannotBeRead_IsAnErrorWithAnEnvelope(string effect)
    {
        using var rule = new StringContent($$"""{"effect":"{{effect}}","route":"any"}""");
        using var set = await _http.PostAsync("/_local/scenarios", rule);

        var result = await CallAsync("get_balance", "{}");

        Assert.True(result.GetProperty("isError").GetBoolean());
        Assert.Contains("internal_error", result.GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GenerateImage_WithoutCredits_IsAnErrorAndReservesNothing()
    {
        for (var i = 0; i < 4; i++)
            await CallAsync("generate_video", """{"prompt":"waves"}""");

        var refused = await CallAsync("generate_image", """{"prompt":"a","num_images":4}""");

        Assert.Contains("insufficient_credits", Text(refused.GetProperty("content")[0], "text"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListModels_TypeAndSearch_Narrow()
    {
        Assert.Equal(14, await CountAsync("{}"));
        Assert.Equal(4, await CountAsync("""{"type":"text"}"""));
        Assert.Equal(2, await CountAsync("""{"type":"video","search":"SORA"}"""));
        Assert.Equal(0, await CountAsync("""{"type":"audio"}"""));
        var model = (await CallAsync("get_model", """{"model":"kling-3"}""")).GetProperty("structuredContent");
        Assert.Equal(36, model.GetProperty("pricing").GetProperty("credits_base").GetInt32());
        Assert.True(model.GetProperty("input_schema").TryGetProperty("duration", out _));

        async Task<int> CountAsync(string arguments) =>
            (await CallAsync("list_models", arguments)).GetProperty("structuredContent").GetProperty("models").GetArrayLength();
    }

    [Theory]
    [InlineData("jazz poster", "Jazz night")]
    [InlineData("бабушка с пирогами", "Бабушка с пирогом")]
    [InlineData("\"* OR ( NEAR fox clockwork", "Clockwork fox")]
    public async Task SearchTemplates_Words_BringTheBestMatchFirst(string query, string title)
    {
        var found = (await CallAsync("search_templates", JsonSerializer.Serialize(new { query, limit = 3 }))).GetProperty("structuredContent").GetProperty("templates");

        Assert.InRange(found.GetArrayLength(), 1, 3);
        Assert.Equal(title, Text(found[0], "title"));
        Assert.NotNull(Text(found[0], "prompt"));
        var model = await CallAsync("get_model", $$"""{"model":"{{Text(found[0], "model")}}"}""");
        Assert.True(model.TryGetProperty("structuredContent", out _));
    }

    [Fact]
    public async Task Post_NotAMessage_ForeignPageOrOtherMethod_IsRefused()
    {
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(RequestFor("[1,2", LiveKey)));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(RequestFor(new string(' ', 2_000_000), LiveKey)));
        var foreign = RequestFor("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", LiveKey);
        foreign.Headers.Add("Origin", "https://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(foreign));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await StatusAsync(new(HttpMethod.Get, "/mcp")));
        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync(RequestFor("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", LiveKey)));

        async Task<HttpStatusCode> StatusAsync(HttpRequestMessage request)
        {
            using (request)
            using (var response = await _http.SendAsync(request))
                return response.StatusCode;
        }
    }

    private Task<JsonElement> CallAsync(string tool, string arguments, string key = LiveKey) =>
        SendAsync("tools/call", $$"""{"name":"{{tool}}","arguments":{{arguments}}}""", key);

    private async Task<JsonElement> SendAsync(string method, string parameters, string key = LiveKey)
    {
        using var request = RequestFor($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""", key);
        using var response = await _http.SendAsync(request);
        var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement;
        Assert.True(answer.TryGetProperty("result", out var result), answer.GetRawText());
        return result;
    }

    private static HttpRequestMessage RequestFor(string body, string? key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return request;
    }

    private static string Text(JsonElement value, string field) => value.GetProperty(field).GetString()!;
}
