using Tests.Support.Http;

namespace Clipia.Tests.Emulator;

/// <summary>What web pages of others can send to the emulator: under a name that leads here, or from an origin of their own.</summary>
public sealed class ForeignRequestTests
{
    public static TheoryData<string, string> Routes { get; } = new()
    {
        { "GET", "/" }, { "GET", "/openapi.json" }, { "GET", "/v1/account" }, { "POST", "/v1/models/sora-2" }, { "POST", "/mcp" }, { "GET", "/mcp" },
        { "GET", "/media/a.png" }, { "GET", "/_local/keys" }, { "GET", "/_local/requests" }, { "POST", "/_local/credits" }, { "DELETE", "/_local/calls" }, { "GET", "/none" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Request_UnderAnotherName_IsRefusedEverywhere(string method, string path)
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var port = emulator.Api.BaseUrl.Port;

        foreach (var host in new[]
                 {
                     $"evil.example:{port}", "localhost.", "127.1", "2130706433", $"127.0.0.1.evil.example:{port}", "0.0.0.0", "[::ffff:127.0.0.1]",
                 })
            Assert.Equal((host, 403), (host, await SendAsync(emulator, method, path, host)));
        Assert.Equal(400, await RawRequest.StatusAsync(port, $"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Host: evil.example", "Content-Length: 0"));
        Assert.Equal(400, await RawRequest.StatusAsync(port, $"{method} http://evil.example{path} HTTP/1.1", "Host: 127.0.0.1", "Content-Length: 0"));
        Assert.Equal(403, await RawRequest.StatusAsync(port, $"{method} http://evil.example{path} HTTP/1.1", "Host: evil.example", "Content-Length: 0"));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost:80")]
    [InlineData("LOCALHOST")]
    [InlineData("[::1]")]
    public async Task Request_UnderANameOfThisMachine_IsAnswered(string host)
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        foreach (var path in new[] { "/", "/_local/keys", "/v1/account", "/openapi.json" })
            Assert.Equal(200, await SendAsync(emulator, "GET", path, host));
    }

    [Theory]
    [InlineData("/_local/credits", "null")]
    [InlineData("/_local/credits", "http://127.0.0.1:1")]
    [InlineData("/_local/credits", "https://127.0.0.1:PORT")]
    [InlineData("/_local/credits", "http://evil.example")]
    [InlineData("/mcp", "null")]
    [InlineData("/mcp", "http://evil.example")]
    [InlineData("/mcp", "http://127.0.0.1.evil.example")]
    public async Task Change_FromAPageOfAnotherOrigin_IsRefused(string path, string origin)
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var address = emulator.Api.BaseUrl;
        origin = origin.Replace("PORT", $"{address.Port}", StringComparison.Ordinal);

        Assert.Equal(403, await SendAsync(emulator, "POST", path, address.Authority, $"Origin: {origin}"));
        Assert.Equal(403, await SendAsync(emulator, "POST", path, address.Authority, $"Origin: {origin}", $"Origin: {address.GetLeftPart(UriPartial.Authority)}"));
    }

    private static Task<int> SendAsync(EmulatorFixture emulator, string method, string path, string host, params string[] headers) => RawRequest.StatusAsync(
        emulator.Api.BaseUrl.Port,
        [$"{method} {path} HTTP/1.1", $"Host: {host}", $"X-Api-Key: {emulator.Api.LiveKey}", "Content-Length: 0", .. headers]);
}
