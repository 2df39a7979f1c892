using ClipiaFlows.Manifests;
using ClipiaFlows.Planning;

namespace ClipiaFlows.Tests.Planning;

public sealed class FetchedAddressTests
{
    [Theory]
    [InlineData("./in/shoe.png")]
    [InlineData("../shoe.png")]
    [InlineData("in/shoe.png")]
    [InlineData("shoe.png")]
    [InlineData("shoe")]
    [InlineData("/home/ann/shoe.png")]
    [InlineData("~/shoe.png")]
    [InlineData(@"C:\in\shoe.png")]
    [InlineData("C:/in/shoe.png")]
    [InlineData(@"\\nas\in\shoe.png")]
    [InlineData("file:///home/ann/shoe.png")]
    [InlineData("FILE:shoe.png")]
    [InlineData(" ./shoe.png")]
    [InlineData("./${{ jobs.a.output.images[0].url }}")]
    public void Objection_LocalPath_IsRefusedWhereverTheApiRuns(string text)
    {
        Assert.Equal(ProblemCodes.LocalPath, FetchedAddress.Objection(text, allowsPrivate: false)?.Code);
        Assert.Equal(ProblemCodes.LocalPath, FetchedAddress.Objection(text, allowsPrivate: true)?.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("data:image/png;base64,iVBORw0KGgo=")]
    [InlineData("s3://bucket/shoe.png")]
    [InlineData("ftp://example.com/shoe.png")]
    [InlineData("blob:https://example.com/1")]
    [InlineData("cdn.example.com/shoe.png")]
    [InlineData("//cdn.example.com/shoe.png")]
    [InlineData("https://")]
    public void Objection_NoAddressThatTheApiFetches_IsRefusedWhereverTheApiRuns(string text)
    {
        Assert.Equal(ProblemCodes.BadAddress, FetchedAddress.Objection(text, allowsPrivate: false)?.Code);
        Assert.Equal(ProblemCodes.BadAddress, FetchedAddress.Objection(text, allowsPrivate: true)?.Code);
    }

    [Theory]
    [InlineData("http://localhost/a.png")]
    [InlineData("http://LOCALHOST.:8080/a.png")]
    [InlineData("http://app.localhost/a.png")]
    [InlineData("http://127.0.0.1:9000/a.png")]
    [InlineData("http://127.1/a.png")]
    [InlineData("http://2130706433/a.png")]
    [InlineData("http://0x7f000001/a.png")]
    [InlineData("http://0177.0.0.1/a.png")]
    [InlineData("http://0xa9.254.169.254/latest")]
    [InlineData("http://169.254.169.254/latest")]
    [InlineData("https://10.0.0.5/a.png")]
    [InlineData("https://172.20.1.1/a.png")]
    [InlineData("https://192.168.1.10/a.png")]
    [InlineData("https://192.168.1.10./a.png")]
    [InlineData("https://100.64.0.1/a.png")]
    [InlineData("https://0.0.0.0/a.png")]
    [InlineData("https://[::1]/a.png")]
    [InlineData("https://[::]/a.png")]
    [InlineData("https://[fe80::1]/a.png")]
    [InlineData("https://[fd12:3456::1]/a.png")]
    [InlineData("https://[::ffff:10.0.0.1]/a.png")]
    [InlineData("https://user:pass@10.0.0.5/a.png")]
    [InlineData("https://１２７.0.0.1/a.png")]
    [InlineData("https://nas/a.png")]
    [InlineData("https://printer.local/a.png")]
    [InlineData("https://files.corp.internal/a.png")]
    [InlineData("https://box.lan/a.png")]
    [InlineData("https://box.home.arpa/a.png")]
    public void Objection_PrivateAddress_IsRefusedUnlessTheApiIsOnThisMachine(string text)
    {
        Assert.Equal(ProblemCodes.PrivateAddress, FetchedAddress.Objection(text, allowsPrivate: false)?.Code);
        Assert.Null(FetchedAddress.Objection(text, allowsPrivate: true));
    }

    [Theory]
    [InlineData("https://example.com/shoe.png")]
    [InlineData("http://example.com:8080/shoe.png?sig=a%2Fb#x")]
    [InlineData("HTTPS://EXAMPLE.COM/shoe.png")]
    [InlineData("https://8.8.8.8/a.png")]
    [InlineData("https://[2606:4700::1111]/a.png")]
    [InlineData("https://localhost.example.com/a.png")]
    [InlineData("https://münchen.de/a.png")]
    [InlineData("${{ jobs.a.output.images[0].url }}")]
    [InlineData("${{ jobs.a.output.images[0].url }}?width=100")]
    [InlineData("https://proxy.example.com/?from=${{ jobs.a.output.images[0].url }}")]
    public void Objection_AddressOfTheInternetOrOfAnotherJob_IsTaken(string text) =>
        Assert.Null(FetchedAddress.Objection(text, allowsPrivate: false));

    [Theory]
    [InlineData("image_url", true)]
    [InlineData("image_urls", true)]
    [InlineData("url", true)]
    [InlineData("imageUrl", true)]
    [InlineData("referenceImageURLs", true)]
    [InlineData("start-frame-uri", true)]
    [InlineData("curl", false)]
    [InlineData("prompt", false)]
    [InlineData("url_style", false)]
    public void IsWanted_UnlistedInput_GoesByItsName(string name, bool isWanted) => Assert.Equal(isWanted, FetchedAddress.IsWanted(name, null));

    [Theory]
    [InlineData("string", "url")]
    [InlineData("string", "URI")]
    [InlineData("url", null)]
    public void IsWanted_ListedInput_GoesByFormatAndTypeToo(string type, string? format) =>
        Assert.True(FetchedAddress.IsWanted("start_frame", new() { Type = type, Format = format }));
}
