namespace Clipia.Tests.Emulator;

public sealed class StrictModeTests
{
    private const string Fox = """{"prompt":"a fox"}""";

    [Fact]
    public async Task Strict_SwitchedOnWhileRunning_RefusesWhatIsOtherwiseFine()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        Assert.Equal((200, 200, 200), await TryAsync());

        var settings = await emulator.Local.SendAsync(HttpMethod.Patch, "/_local/settings", new StringContent("""{"strict":true}"""));
        Assert.True(settings.Body.GetProperty("strict_keys").GetBoolean());
        Assert.Equal((422, 400, 400), await TryAsync());
        Assert.Equal(200, (await emulator.Live.SubmitAsync("sora-2", Fox, "https://example.com/hook", Guid.NewGuid().ToString())).Status);

        await emulator.Local.SendAsync(HttpMethod.Patch, "/_local/settings", new StringContent("""{"strict":false,"strict_keys":true}"""));
        Assert.Equal((200, 400, 200), await TryAsync());

        async Task<(int Field, int Key, int Webhook)> TryAsync() => (
            (await emulator.Live.SubmitAsync("sora-2", """{"prompt":"a","promt":"b"}""")).Status,
            (await emulator.Live.SubmitAsync("sora-2", Fox, null, $"order-{Guid.NewGuid()}")).Status,
            (await emulator.Live.SubmitAsync("sora-2", Fox, "http://127.0.0.1:9/hook")).Status);
    }

    [Theory]
    [InlineData("https://example.com/hook", 200)]
    [InlineData("https://93.184.216.34/hook", 200)]
    [InlineData("http://example.com/hook", 400)]
    [InlineData("https://localhost/hook", 400)]
    [InlineData("https://127.0.0.1/hook", 400)]
    [InlineData("https://10.1.2.3/hook", 400)]
    [InlineData("https://172.20.0.1/hook", 400)]
    [InlineData("https://192.168.1.1/hook", 400)]
    [InlineData("https://169.254.169.254/latest", 400)]
    [InlineData("https://[::1]/hook", 400)]
    [InlineData("https://[::ffff:10.0.0.1]/hook", 400)]
    [InlineData("https://[fd00::1]/hook", 400)]
    [InlineData("https://intranet/hook", 400)]
    [InlineData("https://printer.local/hook", 400)]
    public async Task StrictWebhooks_Address_MustBeHttpsAndPublic(string url, int status)
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        await emulator.Local.SendAsync(HttpMethod.Patch, "/_local/settings", new StringContent("""{"strict_webhooks":true}"""));

        Assert.Equal(status, (await emulator.Live.PostAsync("/v1/models/sora-2", $$"""{"input":{{Fox}},"webhook_url":"{{url}}"}""")).Status);
    }

    [Fact]
    public async Task Settings_ShowTheEmulatorsOwnTime()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        emulator.Time.Advance(90);

        Assert.Equal("2026-06-01T09:01:30+00:00", (await emulator.Local.GetAsync("/_local/settings")).Text("now"));
    }
}
