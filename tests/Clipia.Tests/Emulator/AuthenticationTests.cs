namespace Clipia.Tests.Emulator;

public sealed class AuthenticationTests
{
    [Theory]
    [InlineData("Bearer {live}", "{unknown}", 200)]
    [InlineData("Bearer {unknown}", "{live}", 401)]
    [InlineData("{live}", "{live}", 401)]
    [InlineData("Basic {live}", "{live}", 401)]
    [InlineData("KEY {live}", null, 200)]
    [InlineData("kEy    {live}", null, 200)]
    [InlineData("Bearer {live} {live}", null, 401)]
    [InlineData("BEARER {test}", null, 200)]
    [InlineData(null, " {live} ", 200)]
    [InlineData(null, "Bearer {live}", 401)]
    [InlineData(null, null, 401)]
    public async Task Authorization_BesideOrInsteadOfXApiKey_Wins(string? authorization, string? apiKey, int status)
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/account");
        Add("Authorization", authorization);
        Add("X-Api-Key", apiKey);

        using var response = await emulator.Local.Http.SendAsync(request);
        var answer = await Answer.ReadAsync(response);

        Assert.Equal(status, answer.Status);
        if (status == 401)
            Assert.Equal("invalid_api_key", answer.Code);
        Assert.NotEmpty(answer.Header("RateLimit-Limit") + answer.Header("RateLimit-Remaining") + answer.Header("RateLimit-Reset"));

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value
                    .Replace("{live}", emulator.Api.LiveKey, StringComparison.Ordinal)
                    .Replace("{test}", emulator.Api.TestKey, StringComparison.Ordinal)
                    .Replace("{unknown}", "clipia_live_unknown", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task Key_Changed_ActsByItsNewLimitsAndScopesAtOnceAndAfterARestart()
    {
        var folder = Directory.CreateTempSubdirectory("clipia-keys-").FullName;
        try
        {
            string key, id;
            await using (var emulator = await EmulatorFixture.StartAsync(folder))
            {
                var made = await emulator.Local.PostAsync("/_local/keys", """{"name":"shop","environment":"live","rpm":5,"concurrency":1}""");
                (key, id) = (made.Text("key"), made.Text("id"));
                Assert.Matches("^clipia_live_[0-9A-Za-z]{32}$", key);
                using var shop = new Caller(emulator.Api.BaseUrl, key);
                Assert.Equal("5", (await shop.GetAsync("/v1/account")).Header("RateLimit-Limit"));

                var changed = await PatchAsync(emulator, id, """{"name":"till","rpm":50,"scopes":["read"]}""");
                Assert.Equal((200, "till", 50, 1), (changed.Status, changed.Text("name"), changed.Number("rpm"), changed.Number("concurrency")));
                Assert.Equal("insufficient_scope", (await shop.SubmitAsync("sora-2", """{"prompt":"a"}""")).Code);
                Assert.Equal(400, (await PatchAsync(emulator, id, """{"rpm":0}""")).Status);
                Assert.Equal(400, (await PatchAsync(emulator, id, """{"scopes":["admin"]}""")).Status);
                Assert.Equal(404, (await PatchAsync(emulator, "key_unknown", "{}")).Status);
            }

            await using var again = await EmulatorFixture.StartAsync(folder);
            using var later = new Caller(again.Api.BaseUrl, key);
            Assert.Equal("50", (await later.GetAsync("/v1/account")).Header("RateLimit-Limit"));
            Assert.Equal(403, (await later.SubmitAsync("sora-2", """{"prompt":"a"}""")).Status);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Account_UsedByTwoKeys_ShowsOneBalanceAndEachKeysOwnThirtyDays()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        using var second = new Caller(emulator.Api.BaseUrl, (await emulator.Local.PostAsync("/_local/keys", """{"environment":"live"}""")).Text("key"));
        await emulator.Live.SubmitAsync("sora-2", """{"prompt":"a"}""");
        await second.SubmitAsync("flux-2-pro", """{"prompt":"a"}""");
        emulator.Time.Advance(20);
        await emulator.Local.PostAsync("/_local/scenarios", """{"effect":"fail"}""");
        await second.SubmitAsync("flux-2-pro", """{"prompt":"a"}""");
        emulator.Time.Advance(20);

        Assert.Equal((99_980, 1, 17), await AccountOf(emulator.Live));
        Assert.Equal((99_980, 2, 3), await AccountOf(second));

        emulator.Time.Advance(30 * 24 * 3600 - 40);
        Assert.Equal((99_980, 0, 0), await AccountOf(emulator.Live));
        Assert.Equal((99_980, 1, 0), await AccountOf(second));
    }

    private static async Task<(int Balance, int Requests, int Spent)> AccountOf(Caller caller)
    {
        var body = (await caller.GetAsync("/v1/account")).Body;
        var usage = body.GetProperty("usage_30d");
        return (body.GetProperty("balance").GetProperty("credits").GetInt32(), usage.GetProperty("requests").GetInt32(), usage.GetProperty("credits_spent").GetInt32());
    }

    private static Task<Answer> PatchAsync(EmulatorFixture emulator, string id, string body) =>
        emulator.Local.SendAsync(HttpMethod.Patch, $"/_local/keys/{id}", new StringContent(body));
}
