using System.Text;
using System.Text.Json;
using Clipia.Tests.Support;

namespace Clipia.Tests.Client;

public sealed class GenerationInputTests
{
    [Fact]
    public async Task Submit_TypedInput_SendsTheNamesOfTheWireAndNothingThatIsNull()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(Some.SubmitAnswer));

        await Some.Client(api).Queue.SubmitAsync("nano-banana-2", new GenerationInput
        {
            Prompt = "лиса \"у огня\"",
            NegativePrompt = "rain",
            AspectRatio = "16:9",
            Resolution = "2K",
            NumImages = 2,
            Seed = 7,
            ImageUrls = [new("https://example.com/a.png")],
            More = { ["style"] = Some.Json("""{"name":"ink"}""") },
        });

        Assert.Equal(
            """{"input":{"prompt":"лиса \"у огня\"","negative_prompt":"rain","aspect_ratio":"16:9","resolution":"2K","num_images":2,"seed":7,"image_urls":["https://example.com/a.png"],"style":{"name":"ink"}}}""",
            Encoding.UTF8.GetString(api.Requests[0].Body));
    }

    [Fact]
    public void Input_OfAVideo_ConvertsAndStaysOutOfLogs()
    {
        var input = new GenerationInput { Prompt = "secret", Duration = 5, GenerateAudio = false, ImageUrl = new("https://example.com/a.png") };

        JsonElement json = input;

        Assert.Equal("""{"prompt":"secret","duration":5,"generate_audio":false,"image_url":"https://example.com/a.png"}""", json.GetRawText());
        Assert.DoesNotContain("secret", $"{input}", StringComparison.Ordinal);
    }
}
