using Clipia.Tests.Support;

namespace Clipia.Tests.Client;

public sealed class ModelsTests
{
    [Fact]
    public async Task ListAsync_MixedCatalogue_TellsTheKindsApart()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(
            """
            {"object":"list","data":[
             {"slug":"nano-banana-2","type":"image","name":"Nano Banana 2","capabilities":["text-to-image","image-to-image"],
              "pricing":{"credits_base":4,"multipliers":{"resolution":{"1K":1,"4K":1.5}},"note":"per image"}},
             {"slug":"sora-2","type":"video","name":"Sora 2","modalities":["text-to-video"],"pricing":{"credits":17}},
             {"id":"gpt-5.5","object":"model","name":"GPT 5.5","created":1750000000,"context_length":400000,
              "pricing":{"prompt":"0.0000125","completion":"0.00005"}},
             {"slug":"speech-1","type":"audio","name":"Speech"},
             {}, null, 7]}
            """));

        var catalogue = await Some.Client(api).Models.ListAsync();

        Assert.Equal(["nano-banana-2", "sora-2", "gpt-5.5", "speech-1"], catalogue.Entries.Select(model => model.Id));
        Assert.Equal(["nano-banana-2", "sora-2", "speech-1"], catalogue.Generation.Select(model => model.Slug));
        var image = catalogue.Find("nano-banana-2")!;
        Assert.Equal(["text-to-image", "image-to-image"], image.Capabilities);
        Assert.Equal(4m, image.Pricing!.CreditsBase);
        Assert.Equal(1.5m, image.Pricing.Multipliers["resolution"]["4K"]);
        Assert.Equal("per image", image.Pricing.Note);
        Assert.Null(image.TextPricing);
        Assert.Equal(["text-to-video"], catalogue.Find("sora-2")!.Capabilities);
        Assert.Equal(17m, catalogue.Find("sora-2")!.Pricing!.Credits);
        var text = catalogue.Entries[2];
        Assert.False(text.IsGeneration);
        Assert.Null(text.Pricing);
        Assert.Equal(new TextPricing(0.0000125m, 0.00005m), text.TextPricing);
        Assert.Null(catalogue.Find("gpt-5.5"));
        Assert.Null(catalogue.Find("speech-1")!.Pricing);
        Assert.Empty(catalogue.Find("speech-1")!.Capabilities);
    }

    [Theory]
    [InlineData("""{"pricing":null}""")]
    [InlineData("""{"pricing":"free"}""")]
    [InlineData("""{"pricing":{"credits":"many","multipliers":[1]}}""")]
    [InlineData("""{"pricing":{"multipliers":{"resolution":5,"duration":{"5":"x"}}}}""")]
    public async Task GetAsync_OddPricing_HarmsNothingElse(string extra)
    {
        await using var api = await FakeApi.StartAsync(Answers.Json("""{"slug":"m","type":"image","name":"M",""" + extra[1..]));

        var model = await Some.Client(api).Models.GetAsync("m");

        Assert.Equal("M", model.Name);
        Assert.Null(model.Pricing?.Credits);
    }

    [Fact]
    public async Task GetAsync_InputSchema_IsReadFieldByField()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(
            """
            {"slug":"m","type":"video","name":"M","input_schema":{
              "prompt":{"type":"string","required":true},
              "duration":{"type":"number","enum":[5,10],"default":5,"minimum":5},
              "odd":"text"}}
            """));

        var schema = (await Some.Client(api).Models.GetAsync("m")).InputSchema!;

        Assert.Equal(["prompt", "duration", "odd"], schema.Keys);
        Assert.True(schema["prompt"].Required);
        Assert.Empty(schema["prompt"].AllowedValues);
        Assert.Null(schema["prompt"].Default);
        Assert.Equal([5, 10], schema["duration"].AllowedValues.Select(value => value.GetInt32()));
        Assert.Equal(5, schema["duration"].Default!.Value.GetInt32());
        Assert.Equal(5, schema["duration"].Raw.GetProperty("minimum").GetInt32());
        Assert.Equal("", schema["odd"].Type);
    }

    [Theory]
    [InlineData("""{"models":[]}""")]
    [InlineData("""{"data":{}}""")]
    public async Task ListAsync_NoList_IsInvalidRatherThanEmpty(string json)
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(json));

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => Some.Client(api).Models.ListAsync());

        Assert.Equal(ClipiaErrorCodes.InvalidAnswer, failure.Code);
    }

    [Theory]
    [InlineData("47", 47)]
    [InlineData("4.5", 4.5)]
    [InlineData("\"12\"", 12)]
    [InlineData("1e2", 100)]
    public async Task EstimateAsync_CreditsInAnyNotation_AreExact(string wire, decimal credits)
    {
        await using var api = await FakeApi.StartAsync(Answers.Json($$"""{"credits":{{wire}}}"""));

        var estimate = await Some.Client(api).Models.EstimateAsync("a/b", Some.Input);

        Assert.Equal(credits, estimate.Credits);
        var request = Assert.Single(api.Requests);
        Assert.Equal(("POST", "/v1/models/a%2Fb/estimate"), (request.Method, request.Target));
        Assert.Equal("""{"input":{"prompt":"a quiet harbour"}}"""u8.ToArray(), request.Body);
        Assert.False(request.Headers.ContainsKey("Idempotency-Key"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"credits":null}""")]
    [InlineData("""{"credits":1e400}""")]
    public async Task EstimateAsync_WithoutCredits_IsInvalidRatherThanFree(string json)
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(json));

        var failure = await Assert.ThrowsAsync<ClipiaException>(() => Some.Client(api).Models.EstimateAsync("m", Some.Input));

        Assert.Equal(ClipiaErrorCodes.InvalidAnswer, failure.Code);
    }
}
