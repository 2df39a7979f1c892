namespace Clipia.Tests.Emulator;

public sealed class IdempotencyTests
{
    private const string Fox = """{"prompt":"a fox","seed":1}""";

    [Fact]
    public async Task Submit_SameKeySameMeaning_GivesTheSameRequestAndItsCurrentStatus()
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var first = await emulator.Live.PostAsync("/v1/models/sora-2", """{"input":{"prompt":"a fox","seed":1}}""", "order-42");
        emulator.Time.Advance(20);
        var again = await emulator.Live.PostAsync("/v1/models/sora-2", """{ "webhook_url": "", "input": { "seed": 1.0, "prompt": "a \u0066ox" } }""", "order-42");

        Assert.Equal((200, first.Id, 17, "COMPLETED"), (again.Status, again.Id, again.Number("cost"), again.Text("status")));
        Assert.Equal(17, (await emulator.Local.GetAsync("/_local/ledger")).Number("charged"));
    }

    [Theory]
    [InlineData("/v1/models/sora-2", """{"input":{"prompt":"a cat","seed":1}}""")]
    [InlineData("/v1/models/sora-2-pro", """{"input":{"prompt":"a fox","seed":1}}""")]
    [InlineData("/v1/models/sora-2", """{"input":{"prompt":"a fox","seed":1},"webhook_url":"http://127.0.0.1/x"}""")]
    public async Task Submit_SameKeyOtherParameters_IsRefused(string path, string body)
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        await emulator.Live.SubmitAsync("sora-2", Fox, null, "order-42");

        var other = await emulator.Live.PostAsync(path, body, "order-42");

        Assert.Equal((409, "idempotency_key_reuse"), (other.Status, other.Code));
    }

    [Theory]
    [InlineData("""{"prompt":"a","x":{"b":[1,2.50,true,null],"a":"ü"}}""", """{"x":{"a":"\u00fc","b":[1.0,25e-1,true,null]},"prompt":"\u0061"}""", true)]
    [InlineData("""{"prompt":"a","n":100}""", """{"prompt":"a","n":1E2}""", true)]
    [InlineData("""{"prompt":"a","n":0}""", """{"prompt":"a","n":-0.00}""", true)]
    [InlineData("""{"prompt":"a","n":1e400}""", """{"prompt":"a","n":10e399}""", true)]
    [InlineData("""{"prompt":"a","n":[1,2]}""", """{"prompt":"a","n":[2,1]}""", false)]
    [InlineData("""{"prompt":"a","n":1}""", """{"prompt":"a","n":"1"}""", false)]
    [InlineData("""{"prompt":"a","n":1}""", """{"prompt":"a","n":-1}""", false)]
    [InlineData("""{"prompt":"a","n":null}""", """{"prompt":"a"}""", false)]
    [InlineData("""{"prompt":"a","n":12345678901234567890}""", """{"prompt":"a","n":12345678901234567891}""", false)]
    [InlineData("""{"prompt":"a","n":0.1}""", """{"prompt":"a","n":0.10000000000000000001}""", false)]
    [InlineData("""{"prompt":"a","n":{}}""", """{"prompt":"a","n":[]}""", false)]
    [InlineData("""{"prompt":"a b"}""", """{"prompt":"a  b"}""", false)]
    public async Task Submit_SameKey_ComparesTheMeaningOfTheBody(string one, string other, bool same)
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        await emulator.Live.SubmitAsync("sora-2", one, null, "order-42");

        Assert.Equal(same ? 200 : 409, (await emulator.Live.SubmitAsync("sora-2", other, null, "order-42")).Status);
    }

    /// <summary>Whatever refuses a submit leaves its key free, a refusal by scenario included.</summary>
    [Theory]
    [InlineData("""{"effect":"throttle","first":1}""", 429)]
    [InlineData("""{"effect":"server_error","first":1}""", 500)]
    [InlineData("""{"effect":"server_error","status":503,"first":1}""", 503)]
    public async Task Submit_RefusedForNow_MayUseItsKeyWithAnotherBody(string rule, int status)
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        await emulator.Local.PostAsync("/_local/scenarios", rule);

        Assert.Equal(status, (await emulator.Live.SubmitAsync("sora-2", Fox, null, "order-42")).Status);
        Assert.Equal(200, (await emulator.Live.SubmitAsync("sora-2", """{"prompt":"another"}""", null, "order-42")).Status);
        Assert.Equal(409, (await emulator.Live.SubmitAsync("sora-2", Fox, null, "order-42")).Status);
    }

    [Fact]
    public async Task Submit_OtherKeyOfTheAccount_SharesTheKeysAndAStrangerDoesNot()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        using var sibling = new Caller(emulator.Api.BaseUrl, (await emulator.Local.PostAsync("/_local/keys", """{"environment":"live"}""")).Text("key"));
        using var stranger = new Caller(emulator.Api.BaseUrl, (await emulator.Local.PostAsync("/_local/keys", """{"environment":"live","account":"acc_2"}""")).Text("key"));
        await emulator.Local.PostAsync("/_local/credits", """{"credits":17,"account":"acc_2"}""");

        var first = await emulator.Live.SubmitAsync("sora-2", Fox, null, "order-42");
        Assert.Equal(first.Id, (await sibling.SubmitAsync("sora-2", Fox, null, "order-42")).Id);
        Assert.Equal(200, (await sibling.GetAsync($"/v1/requests/{first.Id}/status")).Status);
        Assert.NotEqual(first.Id, (await stranger.SubmitAsync("sora-2", Fox, null, "order-42")).Id);
        Assert.Equal(0, (await stranger.GetAsync("/v1/account")).Body.GetProperty("balance").GetProperty("credits").GetInt32());
    }

    [Fact]
    public async Task Submit_ReplayAtTheLimits_IsStillAnswered()
    {
        await using var emulator = await EmulatorFixture.StartAsync(concurrency: 1, credits: 17);

        var first = await emulator.Live.SubmitAsync("sora-2", Fox, null, "order-42");

        Assert.Equal(429, (await emulator.Live.SubmitAsync("sora-2", Fox, null, "order-43")).Status);
        Assert.Equal(first.Id, (await emulator.Live.SubmitAsync("sora-2", Fox, null, "order-42")).Id);
    }

    [Fact]
    public async Task Submit_WhileTheFirstIsBeingAnswered_IsToldToWait()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        await emulator.Local.PostAsync("/_local/scenarios", """{"effect":"delay_response","seconds":30,"first":1}""");

        var first = emulator.Live.SubmitAsync("sora-2", Fox, null, "order-42");
        await EmulatorFixture.EventuallyAsync(async () => (await emulator.Local.GetAsync("/_local/ledger")).Number("reserved") == 17);
        var second = await emulator.Live.SubmitAsync("sora-2", Fox, null, "order-42");
        Assert.Equal((409, "request_in_progress", "1"), (second.Status, second.Code, second.Header("Retry-After")));

        await EmulatorFixture.EventuallyAsync(() =>
        {
            emulator.Time.Advance(30);
            return Task.FromResult(first.IsCompleted);
        });
        Assert.Equal((await first).Id, (await emulator.Live.SubmitAsync("sora-2", Fox, null, "order-42")).Id);
    }

    [Fact]
    public async Task Submit_After24Hours_IsANewRequest()
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var first = await emulator.Live.SubmitAsync("sora-2", Fox, null, "order-42");
        emulator.Time.Advance(24 * 3600 - 1);
        Assert.Equal(first.Id, (await emulator.Live.SubmitAsync("sora-2", Fox, null, "order-42")).Id);
        emulator.Time.Advance(1);
        Assert.NotEqual(first.Id, (await emulator.Live.SubmitAsync("sora-2", Fox, null, "order-42")).Id);
    }

    [Fact]
    public async Task Submit_RefusedBefore_MayUseItsKeyAgain()
    {
        await using var emulator = await EmulatorFixture.StartAsync(credits: 0);

        Assert.Equal(422, (await emulator.Live.SubmitAsync("sora-2", "{}", null, "order-42")).Status);
        var poor = await emulator.Live.SubmitAsync("sora-2", Fox, null, "order-42");
        Assert.Equal((402, "insufficient_credits"), (poor.Status, poor.Code));
        await emulator.Local.PostAsync("/_local/credits", """{"credits":17}""");
        Assert.Equal(200, (await emulator.Live.SubmitAsync("sora-2", Fox, null, "order-42")).Status);
    }

    [Fact]
    public async Task Submit_OtherEnvironment_HasItsOwnKeys()
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var live = await emulator.Live.SubmitAsync("sora-2", Fox, null, "order-42");
        var test = await emulator.Test.SubmitAsync("sora-2", Fox, null, "order-42");

        Assert.Equal((200, 200), (live.Status, test.Status));
        Assert.NotEqual(live.Id, test.Id);
        Assert.Equal(404, (await emulator.Test.GetAsync($"/v1/requests/{live.Id}")).Status);
        Assert.Equal(404, (await emulator.Live.GetAsync($"/v1/requests/{test.Id}/status")).Status);
    }

    [Fact]
    public async Task Submit_ManyAtOnceWithOneKey_AreBoughtOnce()
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => emulator.Live.SubmitAsync("sora-2", Fox, null, "order-42")));

        Assert.Single(answers.Where(answer => answer.Status == 200).Select(answer => answer.Id).Distinct());
        Assert.All(answers.Where(answer => answer.Status != 200), answer => Assert.Equal("request_in_progress", answer.Code));
        Assert.Equal(17, (await emulator.Local.GetAsync("/_local/ledger")).Number("reserved"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ключ")]
    public async Task Submit_UnusableKey_IsRefused(string key)
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/models/sora-2") { Content = new StringContent($$"""{"input":{{Fox}}}""") };
        request.Headers.Add("X-Api-Key", emulator.Api.LiveKey);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", Convert.ToString(System.Text.Encoding.Latin1.GetString(System.Text.Encoding.UTF8.GetBytes(key)), null));

        using var http = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.Latin1 }) { BaseAddress = emulator.Api.BaseUrl };
        using var response = await http.SendAsync(request);

        Assert.Equal(400, (int)response.StatusCode);
    }
}
