namespace Clipia.Tests.Emulator;

public sealed class LifecycleTests
{
    private const string Fox = """{"prompt":"a fox"}""";

    [Fact]
    public async Task Submit_LiveKey_RunsFromQueueToResultAndCharges()
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var submitted = await emulator.Live.SubmitAsync("nano-banana-2", Fox);
        Assert.Equal((200, "application/json", "IN_QUEUE", 4), (submitted.Status, submitted.ContentType, submitted.Text("status"), submitted.Number("cost")));
        var url = $"{emulator.Api.BaseUrl}v1/requests/{submitted.Id}";
        Assert.Equal((url, url + "/status"), (submitted.Text("response_url"), submitted.Text("status_url")));
        Assert.Equal(202, (await emulator.Live.GetAsync($"/v1/requests/{submitted.Id}")).Status);

        emulator.Time.Advance(5);
        var running = await emulator.Live.GetAsync($"/v1/requests/{submitted.Id}/status");
        Assert.Equal("IN_PROGRESS", running.Text("status"));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, running.Body.GetProperty("queue_position").ValueKind);
        Assert.InRange(running.Number("progress"), 1, 99);

        emulator.Time.Advance(9);
        var result = await emulator.Live.GetAsync($"/v1/requests/{submitted.Id}");
        Assert.Equal((200, "COMPLETED", "nano-banana-2", 4), (result.Status, result.Text("status"), result.Text("model"), result.Number("cost")));
        Assert.Equal("2026-06-01T09:00:00Z", result.Text("created_at"));
        var image = Assert.Single(result.Body.GetProperty("output").GetProperty("images").EnumerateArray());
        Assert.Equal(1024, image.GetProperty("width").GetInt32());

        var ledger = await emulator.Local.GetAsync("/_local/ledger");
        Assert.Equal((100_000, 99_996, 0, 4), (ledger.Number("granted"), ledger.Number("balance"), ledger.Number("reserved"), ledger.Number("charged")));
    }

    [Fact]
    public async Task Submit_TestKey_CompletesAtOnceAndCostsNothing()
    {
        await using var emulator = await EmulatorFixture.StartAsync(credits: 0);

        var submitted = await emulator.Test.SubmitAsync("nano-banana-2", """{"prompt":"a fox","num_images":3}""");
        Assert.Equal(("COMPLETED", 0, 12), (submitted.Text("status"), submitted.Number("queue_position"), submitted.Number("cost")));
        var result = await emulator.Test.GetAsync($"/v1/requests/{submitted.Id}");
        Assert.Equal(3, result.Body.GetProperty("output").GetProperty("images").GetArrayLength());
        Assert.Equal(100, (await emulator.Test.GetAsync($"/v1/requests/{submitted.Id}/status")).Number("progress"));
        var account = await emulator.Test.GetAsync("/v1/account");
        Assert.Equal(0, account.Body.GetProperty("balance").GetProperty("credits").GetInt32());
        Assert.Equal(0, account.Body.GetProperty("usage_30d").GetProperty("credits_spent").GetInt32());
        Assert.Equal(1, account.Body.GetProperty("usage_30d").GetProperty("requests").GetInt32());
    }

    [Fact]
    public async Task Submit_TestKeyTwiceUnderOneKey_IsOneRequest()
    {
        await using var emulator = await EmulatorFixture.StartAsync(credits: 0);

        var first = await emulator.Test.SubmitAsync("kling-3", Fox, null, "order-42");

        Assert.Equal((first.Id, "COMPLETED"), await AgainAsync(Fox));
        Assert.Equal(409, (await emulator.Test.SubmitAsync("kling-3", """{"prompt":"a cat"}""", null, "order-42")).Status);
        var result = await emulator.Test.GetAsync($"/v1/requests/{first.Id}");
        Assert.Equal((result.Text("created_at"), 36), (result.Text("completed_at"), result.Number("cost")));
        Assert.EndsWith("/media/sample.mp4", result.Body.GetProperty("output").GetProperty("video").GetProperty("url").GetString());

        async Task<(string, string)> AgainAsync(string input)
        {
            var again = await emulator.Test.SubmitAsync("kling-3", input, null, "order-42");
            return (again.Id, again.Text("status"));
        }
    }

    [Fact]
    public async Task Submit_UnknownTopLevelFields_AreIgnored()
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var first = await emulator.Live.PostAsync("/v1/models/sora-2", """{"input":{"prompt":"a"},"metadata":{"x":1},"webhook_url":null}""", "key");
        var again = await emulator.Live.PostAsync("/v1/models/sora-2", """{"priority":9,"input":{"prompt":"a"},"webhook_url":""}""", "key");

        Assert.Equal((200, first.Id), (again.Status, again.Id));
    }

    [Theory]
    [InlineData("fail", "FAILED", "GENERATION_FAILED")]
    [InlineData("cancel", "CANCELED", null)]
    public async Task Scenario_BadEnd_RefundsInFull(string effect, string status, string? code)
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        await emulator.Local.PostAsync("/_local/scenarios", $$"""{"effect":"{{effect}}","first":1}""");

        var bad = await emulator.Live.SubmitAsync("kling-3", Fox);
        var good = await emulator.Live.SubmitAsync("kling-3", Fox);
        Assert.Equal(72, (await emulator.Local.GetAsync("/_local/ledger")).Number("reserved"));
        emulator.Time.Advance(14);

        var result = await emulator.Live.GetAsync($"/v1/requests/{bad.Id}");
        Assert.Equal((200, status), (result.Status, result.Text("status")));
        Assert.Equal(code, result.Body.TryGetProperty("error", out var error) ? error.GetProperty("code").GetString() : null);
        Assert.False(result.Body.TryGetProperty("cost", out _));
        Assert.Equal("COMPLETED", (await emulator.Live.GetAsync($"/v1/requests/{good.Id}")).Text("status"));
        var ledger = await emulator.Local.GetAsync("/_local/ledger");
        Assert.Equal((99_964, 36, 36, 0), (ledger.Number("balance"), ledger.Number("charged"), ledger.Number("refunded"), ledger.Number("reserved")));
    }
}
