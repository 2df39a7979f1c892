using System.Text.Json;

namespace Clipia.Tests.Emulator;

/// <summary>How long tools wait, on virtual time, and what they pass on to the API.</summary>
public sealed class McpTimeTests
{
    [Theory]
    [InlineData("wait_generation", "\"wait_seconds\":600", 30)]
    [InlineData("wait_generation", "\"wait_seconds\":7", 7)]
    [InlineData("wait_generation", "\"wait_seconds\":null", 25)]
    [InlineData("generate_image", "\"prompt\":\"a\"", 25)]
    public async Task Tool_GenerationThatTakesLong_ReturnsAfterItsLongestWait(string tool, string argument, int seconds)
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        await emulator.Local.PostAsync("/_local/scenarios", """{"effect":"slow","factor":1000}""");
        var id = (await emulator.Live.SubmitAsync("sora-2", """{"prompt":"a"}""")).Id;
        var started = emulator.Time.GetUtcNow();

        var call = CallAsync(emulator, tool, $$"""{ {{argument}},"request_id":"{{id}}"}""");
        await EmulatorFixture.EventuallyAsync(() =>
        {
            // Whoever waits looks again after a second; time stands still until it does.
            if (emulator.Time.HasAlarmWithin(1))
                emulator.Time.Advance(1);
            return Task.FromResult(call.IsCompleted);
        });

        var result = (await call).GetProperty("structuredContent");
        Assert.Contains(result.GetProperty("status").GetString(), new[] { "IN_QUEUE", "IN_PROGRESS" });
        Assert.InRange((emulator.Time.GetUtcNow() - started).TotalSeconds, seconds, seconds + 1);
    }

    [Theory]
    [InlineData("\"image_url\":\"https://example.com/a.png\"")]
    [InlineData("\"image_urls\":[\"https://example.com/a.png\",\"https://example.com/b.png\"]")]
    [InlineData("\"image_url\":\"https://example.com/a.png\",\"image_urls\":[\"https://example.com/b.png\"],\"seed\":7,\"negative_prompt\":\"rain\"")]
    public async Task GenerateImage_Pictures_ReachTheModelAsGiven(string pictures)
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var result = await CallAsync(emulator, "generate_image", $$"""{"prompt":"a",{{pictures}},"include_preview":false}""", test: true);

        Assert.False(result.TryGetProperty("isError", out var error) && error.GetBoolean());
        Assert.Equal(1, result.GetProperty("content").GetArrayLength());
        var request = (await emulator.Local.GetAsync("/_local/requests")).Body.GetProperty("requests")[0];
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse($$"""{"prompt":"a",{{pictures}}}"""), request.GetProperty("input")));
    }

    private static async Task<JsonElement> CallAsync(EmulatorFixture emulator, string tool, string arguments, bool test = false)
    {
        var answer = await (test ? emulator.Test : emulator.Live).PostAsync(
            "/mcp", $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}}}}""");
        return answer.Body.GetProperty("result");
    }
}
