using Clipia;
using ClipiaFlows.Media;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Tests.Media;

public sealed class MediaSourceTests
{
    [Theory]
    [InlineData("https://media.clipia.ai/works/a.png")]
    [InlineData("https://MEDIA.clipia.ai/works/a.png")]
    [InlineData("https://media.clipia.ai:8443/works/a.png")]
    [InlineData("https://eu.cdn.example.com/a.png")]
    public void Refuses_AllowedHost_No(string address) => Assert.Null(Source("https://api.clipia.ai").Refuses(new Uri(address)));

    [Theory]
    [InlineData("http://media.clipia.ai/works/a.png", "only https is fetched, not http")]
    [InlineData("https://media.clipia.ai.example.org/a.png", "host 'media.clipia.ai.example.org' is not among Media:AllowedHosts")]
    [InlineData("https://evilmedia.clipia.ai/a.png", "host 'evilmedia.clipia.ai' is not among Media:AllowedHosts")]
    [InlineData("https://eu.media.clipia.ai/a.png", "host 'eu.media.clipia.ai' is not among Media:AllowedHosts")]
    [InlineData("https://evil.ai/media.clipia.ai", "host 'evil.ai' is not among Media:AllowedHosts")]
    [InlineData("https://media.clipia.ai@evil.ai/a.png", "an address with a user name is not fetched")]
    [InlineData("https://user@media.clipia.ai/a.png", "an address with a user name is not fetched")]
    [InlineData("https://cdn.example.com/a.png", "host 'cdn.example.com' is not among Media:AllowedHosts")]
    [InlineData("https://api.clipia.ai/v1/account", "host 'api.clipia.ai' is not among Media:AllowedHosts")]
    [InlineData("https://169.254.169.254/metadata", "host '169.254.169.254' is not among Media:AllowedHosts")]
    [InlineData("http://127.0.0.1:5080/media/a.png", "only https is fetched, not http")]
    [InlineData("file:///etc/passwd", "only https is fetched, not file")]
    public void Refuses_AnythingElse_SaysWhy(string address, string reason) =>
        Assert.Equal(reason, Source("https://api.clipia.ai").Refuses(new Uri(address)));

    [Fact]
    public void Refuses_LoopbackEmulator_AllowsExactlyItsOrigin()
    {
        var source = Source("http://127.0.0.1:5080");

        Assert.Null(source.Refuses(new Uri("http://127.0.0.1:5080/media/a.png")));
        Assert.NotNull(source.Refuses(new Uri("http://127.0.0.1:5081/media/a.png")));
        Assert.NotNull(source.Refuses(new Uri("http://localhost:5080/media/a.png")));
        Assert.NotNull(source.Refuses(new Uri("https://127.0.0.1:5080/media/a.png")));
    }

    private static MediaSource Source(string baseUrl) => new(
        Options.Create(new MediaOptions { AllowedHosts = "media.clipia.ai, .cdn.example.com" }),
        Options.Create(new ClipiaClientOptions { BaseUrl = new Uri(baseUrl) }));
}
