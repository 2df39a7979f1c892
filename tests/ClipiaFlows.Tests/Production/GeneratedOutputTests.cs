using System.Text.Json;
using Clipia;
using ClipiaFlows.Production;

namespace ClipiaFlows.Tests.Production;

public sealed class GeneratedOutputTests
{
    private const string Files = """
        "audio":{"url":"https://a/1.mp3","duration":3},"images":[{"url":"https://a/1.png","original_url":"https://a/2.png","width":8,"height":9},{"url":"https:///3"}],
        "videos":[{"url":"https://a/1.mp4"},{"url":"https://a/2.mp4","duration":5.5}],"cover":"https://a/4.png"
        """;

    [Fact]
    public void Storable_ShortOutput_IsKeptAsItCame()
    {
        const string Output = $$"""{"seed": 7,{{Files}}}""";

        Assert.Equal(Output, GeneratedOutput.Storable(JsonElement.Parse(Output)));
    }

    [Fact]
    public void Storable_TooLongForAColumn_KeepsEveryFileInItsPlaceAndNothingElse()
    {
        var log = new string('x', 40_000);
        var output = JsonElement.Parse($$$"""{"log":"{{{log}}}",{{{Files}}},"steps":[{"image":"{{{log}}}"}],"details":{"log":"{{{log}}}"}}""");

        var kept = GeneratedOutput.Storable(output);

        Assert.InRange(kept.Length, 100, 1000);
        Assert.Equal(MediaFiles.Places(output), MediaFiles.Places(JsonElement.Parse(kept)));
        Assert.Equal(5, MediaFiles.Places(output).Count(place => place.File is not null));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(9_000)]
    public void Storable_MoreFilesThanAColumnTakes_KeepsThePlacesOfTheRestAsMissing(int files)
    {
        var images = string.Join(',', Enumerable.Range(0, files).Select(n => $$"""{"url":"https://a/{{n}}-{{new string('x', 200)}}.png"}"""));

        var kept = GeneratedOutput.Storable(JsonElement.Parse($$"""{"images":[{{images}}]}"""));

        Assert.InRange(kept.Length, 1000, 32_768);
        var places = MediaFiles.Places(JsonElement.Parse(kept)).ToList();
        Assert.InRange(places.Count(place => place.File is not null), 100, 150);
        Assert.Contains(places, place => place is { Place: "images[200]", File: null });
    }

    [Fact]
    public void Storable_LongTextBesideAnAddress_IsLeftOut()
    {
        var output = JsonElement.Parse($$"""{"images":[{"content":"{{new string('x', 40_000)}}","url":"https://a/1.png","width":8}]}""");

        Assert.Equal("""{"images":[{"url":"https://a/1.png","width":8}]}""", GeneratedOutput.Storable(output));
    }
}
