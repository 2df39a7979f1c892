using System.Security.Cryptography;
using System.Text;

namespace Clipia.Tests.Emulator;

public sealed class WebhookTests
{
    private const string Fox = """{"prompt":"a fox"}""";

    [Fact]
    public async Task Completion_WithWebhook_SendsTheSignedResult()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var emulator = await EmulatorFixture.StartAsync();

        var submitted = await emulator.Live.SubmitAsync("nano-banana-2", Fox, receiver.Url);
        emulator.Time.Advance(20);
        await receiver.CountAsync(1);

        var hook = receiver.Received[0];
        Assert.Equal(submitted.Id, hook.Body.GetProperty("request_id").GetString());
        Assert.Equal("OK", hook.Status);
        var payload = hook.Body.GetProperty("payload");
        Assert.Equal(("nano-banana-2", 4), (payload.GetProperty("model").GetString(), payload.GetProperty("cost").GetInt32()));
        Assert.StartsWith(emulator.Api.BaseUrl.ToString(), payload.GetProperty("output").GetProperty("images")[0].GetProperty("url").GetString());
        Assert.Equal("application/json", hook.Headers["Content-Type"]);
        Assert.True(Guid.TryParse(hook.Headers["X-Clipia-Webhook-Id"], out _));
        AssertSigned(hook);
    }

    [Fact]
    public async Task Failure_WithWebhook_SendsTheErrorWithoutPayload()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var emulator = await EmulatorFixture.StartAsync();
        await emulator.Local.PostAsync("/_local/scenarios", """{"effect":"fail","code":"MODEL_OVERLOADED","message":"сбой"}""");

        await emulator.Live.SubmitAsync("nano-banana-2", Fox, receiver.Url);
        emulator.Time.Advance(20);
        await receiver.CountAsync(1);

        var hook = receiver.Received[0];
        Assert.Equal("ERROR", hook.Status);
        Assert.Equal("MODEL_OVERLOADED", hook.Body.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("сбой", hook.Body.GetProperty("error").GetProperty("message").GetString());
        Assert.False(hook.Body.TryGetProperty("payload", out _));
        AssertSigned(hook);
    }

    [Fact]
    public async Task Cancellation_WithWebhook_IsAnnouncedAsError()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var emulator = await EmulatorFixture.StartAsync();

        var submitted = await emulator.Live.SubmitAsync("sora-2", Fox, receiver.Url);
        Assert.Equal(200, (await emulator.Local.PostAsync($"/_local/requests/{submitted.Id}/cancel", "{}")).Status);
        await receiver.CountAsync(1);

        Assert.Equal("GENERATION_CANCELED", receiver.Received[0].Body.GetProperty("error").GetProperty("code").GetString());
        var result = await emulator.Live.GetAsync($"/v1/requests/{submitted.Id}");
        Assert.Equal("CANCELED", result.Text("status"));
        Assert.Equal(409, (await emulator.Local.PostAsync($"/_local/requests/{submitted.Id}/cancel", "{}")).Status);
    }

    [Fact]
    public async Task Receiver_AlwaysFails_GetsSixAttemptsSignedAnewUnderOneId()
    {
        await using var receiver = await WebhookReceiver.StartAsync(500, 302, 404, 503, 429, 500, 500, 500);
        await using var emulator = await EmulatorFixture.StartAsync();

        await emulator.Live.SubmitAsync("nano-banana-2", Fox, receiver.Url);
        emulator.Time.Advance(20);
        for (var attempt = 1; attempt <= 6; attempt++)
        {
            await DeliveriesAsync(emulator, attempt);
            emulator.Time.Advance(new[] { 10, 30, 90, 270, 810, 10_000 }[attempt - 1]);
        }

        await DeliveriesAsync(emulator, 6);
        Assert.Equal(6, receiver.Received.Count);
        Assert.Single(receiver.Received.Select(hook => hook.Headers["X-Clipia-Webhook-Id"]).Distinct());
        Assert.Equal(6, receiver.Received.Select(hook => hook.Signature).Distinct().Count());
        Assert.All(receiver.Received, AssertSigned);
        var times = receiver.Received.Select(hook => long.Parse(hook.Headers["X-Clipia-Timestamp"], null)).ToList();
        Assert.Equal([10, 30, 90, 270, 810], times.Zip(times.Skip(1), (one, next) => (int)(next - one)));
    }

    [Fact]
    public async Task Receiver_AnswersTooLate_IsTriedAgain()
    {
        await using var receiver = await WebhookReceiver.StartAsync(0);
        await using var emulator = await EmulatorFixture.StartAsync();

        await emulator.Live.SubmitAsync("nano-banana-2", Fox, receiver.Url);
        emulator.Time.Advance(20);
        await DeliveriesAsync(emulator, 1);
        emulator.Time.Advance(10);

        await DeliveriesAsync(emulator, 2);
        var deliveries = (await emulator.Local.GetAsync("/_local/deliveries")).Body.GetProperty("deliveries");
        Assert.Equal("timeout", deliveries[0].GetProperty("error").GetString());
        Assert.Equal(200, deliveries[1].GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task TestKey_WithWebhook_HearsAfterTheAnswer()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var emulator = await EmulatorFixture.StartAsync();

        var submitted = await emulator.Test.SubmitAsync("seedance-2-fast-t2v", Fox, receiver.Url);
        Assert.Empty(receiver.Received);
        await EmulatorFixture.EventuallyAsync(() =>
        {
            emulator.Time.Advance(0.1);
            return Task.FromResult(receiver.Received.Count > 0);
        });

        Assert.Equal(submitted.Id, receiver.Received[0].Body.GetProperty("request_id").GetString());
        Assert.Equal(47, receiver.Received[0].Body.GetProperty("payload").GetProperty("cost").GetInt32());
        AssertSigned(receiver.Received[0]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Scenario_EarlyWebhook_ComesBeforeTheAnswer(bool live)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var emulator = await EmulatorFixture.StartAsync();
        await emulator.Local.PostAsync("/_local/scenarios", """{"effect":"early_webhook"}""");

        var submitted = await (live ? emulator.Live : emulator.Test).SubmitAsync("nano-banana-2", Fox, receiver.Url);

        Assert.Equal(live ? "IN_QUEUE" : "COMPLETED", submitted.Text("status"));
        Assert.Equal(submitted.Id, Assert.Single(receiver.Received).Body.GetProperty("request_id").GetString());
        emulator.Time.Advance(100);
        Assert.Single((await emulator.Local.GetAsync("/_local/deliveries")).Body.GetProperty("deliveries").EnumerateArray());
    }

    [Fact]
    public async Task Scenarios_OnWebhooks_DropDoubleDelayAndForge()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var emulator = await EmulatorFixture.StartAsync();
        await emulator.Local.PostAsync("/_local/scenarios", """{"effect":"drop_webhook","model":"flux-2-pro"}""");
        await emulator.Local.PostAsync("/_local/scenarios", """{"effect":"duplicate_webhook","model":"sora-2"}""");
        await emulator.Local.PostAsync("/_local/scenarios", """{"effect":"delay_webhook","model":"kling-3","seconds":60}""");
        await emulator.Local.PostAsync("/_local/scenarios", """{"effect":"wrong_signature","model":"wan-2-7","first":1}""");
        var dropped = await emulator.Live.SubmitAsync("flux-2-pro", Fox, receiver.Url);
        var doubled = await emulator.Live.SubmitAsync("sora-2", Fox, receiver.Url);
        var late = await emulator.Live.SubmitAsync("kling-3", Fox, receiver.Url);
        var forged = await emulator.Live.SubmitAsync("wan-2-7", Fox, receiver.Url);

        emulator.Time.Advance(30);
        await receiver.CountAsync(2);
        await EmulatorFixture.EventuallyAsync(() =>
        {
            emulator.Time.Advance(0.01);
            return Task.FromResult(receiver.Received.Count >= 3);
        });
        Assert.Equal([doubled.Id, doubled.Id, forged.Id], receiver.Received.Select(IdOf).Order(StringComparer.Ordinal).OrderBy(id => id != doubled.Id));
        Assert.NotEqual(ExpectedSignature(receiver.Received.Single(hook => IdOf(hook) == forged.Id)), receiver.Received.Single(hook => IdOf(hook) == forged.Id).Signature);

        emulator.Time.Advance(60);
        await receiver.CountAsync(4);
        Assert.Equal(late.Id, IdOf(receiver.Received[3]));
        Assert.DoesNotContain(dropped.Id, receiver.Received.Select(IdOf));
        Assert.Equal("COMPLETED", (await emulator.Live.GetAsync($"/v1/requests/{dropped.Id}")).Text("status"));
    }

    private static string IdOf(Hook hook) => hook.Body.GetProperty("request_id").GetString()!;

    private static Task DeliveriesAsync(EmulatorFixture emulator, int count) => EmulatorFixture.EventuallyAsync(async () =>
        (await emulator.Local.GetAsync("/_local/deliveries")).Body.GetProperty("deliveries").GetArrayLength() >= count);

    private static void AssertSigned(Hook hook) => Assert.Equal(ExpectedSignature(hook), hook.Signature);

    /// <summary>The vectors of the contract hold for what all the deliveries above are compared with.</summary>
    [Theory]
    [InlineData("whsec_test_secret", """{"request_id":"req-1","status":"OK"}""", "6308f9d0dc03eb4173d596d23ee69a7d073bec5d9097391eca2a765e04db881a")]
    [InlineData("whsec_test_secret", "{}", "3179c53c28ef45182445bdb7dc5668b3b05c7591e1eec94a788103f368ca3643")]
    [InlineData(
        "whsec_local_0123456789abcdef",
        """{"request_id":"0b8f6a52-4f0e-4d6e-9f3b-2f6f2f1f7a10","status":"ERROR","error":{"code":"GENERATION_FAILED","message":"сбой"}}""",
        "36e54466add5cf3b28fb04fd6e7f38277cb2f88e7b999941f43e5749981ca982")]
    public void ExpectedSignature_VectorsOfTheContract_AreMet(string secret, string body, string mac) =>
        Assert.Equal($"t=1717243200,v1={mac}", Sign(secret, "1717243200", Encoding.UTF8.GetBytes(body)));

    private static string ExpectedSignature(Hook hook) => Sign(EmulatorFixture.Secret, hook.Headers["X-Clipia-Timestamp"], hook.Bytes);

    private static string Sign(string secret, string time, byte[] body)
    {
        byte[] message = [.. Encoding.ASCII.GetBytes(time + "."), .. body];
        return $"t={time},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), message))}";
    }
}
