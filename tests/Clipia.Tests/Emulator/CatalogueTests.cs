namespace Clipia.Tests.Emulator;

public sealed class CatalogueTests
{
    [Theory]
    [InlineData("nano-banana-2", """{"prompt":"a"}""", 4)]
    [InlineData("nano-banana-2", """{"prompt":"a","resolution":"4k","num_images":3}""", 18)]
    [InlineData("nano-banana-pro", """{"prompt":"a","resolution":"4K"}""", 5)]
    [InlineData("flux-2-pro", """{"prompt":"a","num_images":2.0}""", 6)]
    [InlineData("gpt-image-2", """{"prompt":"a"}""", 3)]
    [InlineData("gpt-image-2", """{"prompt":"a","resolution":"2K"}""", 5)]
    [InlineData("gpt-image-2", """{"prompt":"a","resolution":"4K"}""", 7)]
    [InlineData("seedance-2-fast-t2v", """{"prompt":"a"}""", 47)]
    [InlineData("seedance-2-fast-t2v", """{"prompt":"a","resolution":"480P"}""", 28)]
    [InlineData("seedance-2-fast-t2v", """{"prompt":"a","duration":10}""", 94)]
    [InlineData("seedance-2-fast-i2v", """{"image_url":"https://example.com/a.png","duration":4}""", 38)]
    [InlineData("kling-3", """{"prompt":"a","resolution":"1080p"}""", 54)]
    [InlineData("wan-2-7", """{"prompt":"a","duration":null}""", 24)]
    [InlineData("sora-2", """{"prompt":"a","anything":{"else":1}}""", 17)]
    [InlineData("sora-2-pro", """{"prompt":"a"}""", 28)]
    public async Task Estimate_AnyInput_EqualsTheCostOfItsSubmit(string model, string input, int credits)
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var estimate = await emulator.Live.PostAsync($"/v1/models/{model}/estimate", $$"""{"input":{{input}}}""");
        Assert.Equal(0, (await emulator.Local.GetAsync("/_local/ledger")).Number("reserved"));
        var submitted = await emulator.Live.SubmitAsync(model, input);

        Assert.Equal((credits, credits), (estimate.Number("credits"), submitted.Number("cost")));
        Assert.Equal(credits, (await emulator.Local.GetAsync("/_local/ledger")).Number("reserved"));
    }

    [Theory]
    [InlineData("sora-2", """{}""", "prompt")]
    [InlineData("sora-2", """{"prompt":" "}""", "prompt")]
    [InlineData("sora-2", """{"prompt":5}""", "prompt")]
    [InlineData("nano-banana-2", """{"prompt":"a","num_images":5}""", "num_images")]
    [InlineData("nano-banana-2", """{"prompt":"a","num_images":1.5}""", "num_images")]
    [InlineData("nano-banana-2", """{"prompt":"a","num_images":1e99}""", "num_images")]
    [InlineData("nano-banana-2", """{"prompt":"a","aspect_ratio":"5:1"}""", "aspect_ratio")]
    [InlineData("nano-banana-2", """{"prompt":"a","image_url":"not a url"}""", "image_url")]
    [InlineData("nano-banana-2", """{"prompt":"a","image_urls":["https://a/1","https://a/2","https://a/3","https://a/4","https://a/5"]}""", "image_urls")]
    [InlineData("kling-3", """{"prompt":"a","resolution":"480p"}""", "resolution")]
    [InlineData("kling-3", """{"prompt":"a","duration":60}""", "duration")]
    [InlineData("kling-3", """{"prompt":"a","generate_audio":"yes"}""", "generate_audio")]
    [InlineData("seedance-2-fast-i2v", """{"prompt":"a"}""", "image_url")]
    public async Task Input_DoesNotFitTheModel_IsRefusedByName(string model, string input, string field)
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        foreach (var caller in new[] { emulator.Live, emulator.Test })
        {
            foreach (var path in new[] { $"/v1/models/{model}", $"/v1/models/{model}/estimate" })
            {
                var answer = await caller.PostAsync(path, $$"""{"input":{{input}}}""");
                Assert.Equal((422, "model_input_invalid"), (answer.Status, answer.Code));
                Assert.Contains($"'{field}'", answer.Body.GetProperty("error").GetProperty("message").GetString());
            }
        }
    }

    [Fact]
    public async Task Input_UnknownFieldInStrictMode_IsRefused()
    {
        await using var emulator = await EmulatorFixture.StartAsync(strict: true);

        Assert.Equal(422, (await emulator.Live.SubmitAsync("sora-2", """{"prompt":"a","promt":"b"}""")).Status);
    }

    [Fact]
    public async Task Models_ListAndDetail_ShowBothKinds()
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var list = await emulator.Live.GetAsync("/v1/models");
        Assert.Equal("list", list.Text("object"));
        foreach (var entry in list.Body.GetProperty("data").EnumerateArray())
        {
            var isGeneration = entry.TryGetProperty("slug", out var slug);
            var detail = await emulator.Live.GetAsync($"/v1/models/{(isGeneration ? slug : entry.GetProperty("id")).GetString()}");
            Assert.Equal(entry.GetProperty("name").GetString(), detail.Text("name"));
            Assert.Equal(isGeneration, detail.Body.TryGetProperty("input_schema", out _));
            Assert.Equal(!isGeneration, entry.TryGetProperty("context_length", out _));
            Assert.Equal(("model", "clipia"), (entry.GetProperty("object").GetString(), entry.GetProperty("owned_by").GetString()));
            Assert.True(entry.GetProperty("created").GetInt64() > 0);
            if (!isGeneration)
                AssertTextEntry(entry);
        }

        var kling = await emulator.Live.GetAsync("/v1/models/kling-3");
        Assert.Equal(1.5m, kling.Body.GetProperty("pricing").GetProperty("multipliers").GetProperty("resolution").GetProperty("1080p").GetDecimal());
        Assert.True(kling.Body.GetProperty("input_schema").GetProperty("prompt").GetProperty("required").GetBoolean());
    }

    /// <summary>Prices per token are decimal texts, and the limits are null, not absent.</summary>
    private static void AssertTextEntry(System.Text.Json.JsonElement entry)
    {
        Assert.Equal(entry.GetProperty("id").GetString(), entry.GetProperty("canonical_slug").GetString());
        Assert.True(decimal.Parse(entry.GetProperty("pricing").GetProperty("prompt").GetString()!, null) > 0);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, entry.GetProperty("per_request_limits").ValueKind);
        Assert.Equal("text", entry.GetProperty("architecture").GetProperty("output_modalities")[0].GetString());
        Assert.False(entry.GetProperty("top_provider").GetProperty("is_moderated").GetBoolean());
        Assert.NotEmpty(entry.GetProperty("supported_parameters").EnumerateArray());
    }

    [Fact]
    public async Task OpenApi_EveryOperation_ExistsAndNothingElse()
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var paths = (await emulator.Local.GetAsync("/openapi.json")).Body.GetProperty("paths");

        var operations = 0;
        foreach (var path in paths.EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject().Where(member => member.Name is "get" or "post"))
            {
                var answer = await emulator.Live.SendAsync(new(operation.Name.ToUpperInvariant()), path.Name.Replace("{slug}", "sora-2"), null);
                foreach (var status in new[] { answer.Status, 401, 429, 500, 503 })
                    Assert.True(operation.Value.GetProperty("responses").TryGetProperty($"{status}", out _), $"{operation.Name} {path.Name}: {status}");
                operations++;
            }
        }
        Assert.Equal(7, operations);
    }

    [Fact]
    public async Task OpenApi_Models_HaveEveryPropertyThatTheCatalogueShows()
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var schemas = (await emulator.Local.GetAsync("/openapi.json")).Body.GetProperty("components").GetProperty("schemas");
        var documented = schemas.GetProperty("Model").GetProperty("properties").EnumerateObject().Select(property => property.Name).ToHashSet();
        foreach (var path in new[] { "/v1/models/kling-3", "/v1/models/gpt-5.5" })
        {
            var shown = (await emulator.Live.GetAsync(path)).Body.EnumerateObject().Select(property => property.Name).ToHashSet();
            Assert.Subset(documented, shown);
        }
    }

    [Theory]
    [InlineData("/v1/models/sora%2D2", 200)]
    [InlineData("/v1/models/weird%2Fslug%20x", 404)]
    [InlineData("/v1/models/weird%2Fslug%20x/estimate", 405)]
    [InlineData("/v1/models%2Fsora-2", 404)]
    public async Task Slug_PercentEncoded_IsOneSegment(string path, int status)
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        Assert.Equal(status, (await emulator.Live.GetAsync(path)).Status);
    }
}
