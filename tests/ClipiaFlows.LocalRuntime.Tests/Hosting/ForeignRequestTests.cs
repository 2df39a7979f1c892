using Tests.Support.Http;

namespace ClipiaFlows.LocalRuntime.Tests.Hosting;

/// <summary>Requests as a browser under another name, or somebody with a socket, can write them.</summary>
public sealed class ForeignRequestTests
{
    private const int Refused = 421;

    [Theory]
    [InlineData("127.0.0.1:PORT", 200)]
    [InlineData("localhost", 200)]
    [InlineData("LocalHost:80", 200)]
    [InlineData("[::1]:PORT", 200)]
    [InlineData("evil.example:PORT", Refused)]
    [InlineData("localhost.", Refused)]
    [InlineData("localhost.evil.example", Refused)]
    [InlineData("a.localhost:PORT", Refused)]
    [InlineData("127.1:PORT", Refused)]
    [InlineData("2130706433:PORT", Refused)]
    [InlineData("0x7f000001:PORT", Refused)]
    [InlineData("0177.0.0.1", Refused)]
    [InlineData("127.0.0.2", Refused)]
    [InlineData("0.0.0.0:PORT", Refused)]
    [InlineData("[::ffff:127.0.0.1]:PORT", Refused)]
    [InlineData("[::1%25lo]:PORT", Refused)]
    [InlineData("169.254.169.254", Refused)]
    [InlineData("", Refused)]
    public async Task Request_WithThatHost_IsAnsweredOnlyUnderNamesOfThisMachine(string host, int expected)
    {
        await using var app = await StartAsync();
        host = host.Replace("PORT", $"{app.Http.BaseAddress!.Port}", StringComparison.Ordinal);

        // The route has no other methods than the first two.
        foreach (var (method, answered) in new[] { ("GET", 200), ("POST", 200), ("HEAD", 404), ("PUT", 404) })
        {
            var status = await SendAsync(app, $"{method} /api/files HTTP/1.1", $"Host: {host}", "Content-Length: 0");
            // Kestrel itself refuses what is no host at all.
            Assert.True(expected == Refused ? status is Refused or 400 : status == answered, $"{method} {host}: {status}");
        }
    }

    [Theory]
    [InlineData("GET /api/files HTTP/1.1")]
    [InlineData("GET /api/files HTTP/1.0")]
    [InlineData("GET /api/files HTTP/1.1", "Host: 127.0.0.1", "Host: evil.example")]
    [InlineData("GET /api/files HTTP/1.1", "Host: evil.example", "Host: 127.0.0.1")]
    [InlineData("GET /api/files HTTP/1.1", "Host: 127.0.0.1, evil.example")]
    [InlineData("GET /api/files HTTP/1.1", "Host: user@127.0.0.1")]
    [InlineData("GET /api/files HTTP/1.1", "Host: 127.0.0.1@evil.example")]
    [InlineData("GET /api/files HTTP/1.1", "Host: 127.0.0.1:80:80")]
    [InlineData("GET /api/files HTTP/1.1", "Host: 127.0.0.1/evil.example")]
    [InlineData("GET http://evil.example/api/files HTTP/1.1", "Host: evil.example")]
    [InlineData("GET http://evil.example/api/files HTTP/1.1", "Host: 127.0.0.1")]
    [InlineData("GET http://127.0.0.1/api/files HTTP/1.1", "Host: evil.example")]
    [InlineData("GET http://127.0.0.1@evil.example/api/files HTTP/1.1", "Host: evil.example")]
    [InlineData("GET /api/files HTTP/1.1", "Host: evil.example", "X-Forwarded-Host: 127.0.0.1", "Forwarded: host=127.0.0.1")]
    [InlineData("POST /api/files HTTP/1.1", "Host: evil.example", "Content-Length: 0", "X-HTTP-Method-Override: GET")]
    public async Task Request_HostMissingDoubledOrInTheTarget_IsRefused(params string[] lines)
    {
        await using var app = await StartAsync();

        Assert.Contains(await SendAsync(app, lines), new[] { 400, Refused });
    }

    [Fact]
    public async Task Request_NamesItsAddressInTheTarget_IsAnswered()
    {
        await using var app = await StartAsync();
        var authority = app.Http.BaseAddress!.Authority;

        Assert.Equal(200, await SendAsync(app, $"GET http://{authority}/api/files HTTP/1.1", $"Host: {authority}"));
    }

    [Theory]
    [InlineData("http://HOST", 200)]
    [InlineData("HTTP://HOST", 200)]
    [InlineData("https://HOST", 403)]
    [InlineData("http://127.0.0.1", 403)]
    [InlineData("http://127.0.0.1:1", 403)]
    [InlineData("http://localhost:PORT", 403)]
    [InlineData("http://HOST/", 403)]
    [InlineData("http://HOST.evil.example", 403)]
    [InlineData("http://HOST http://evil.example", 403)]
    [InlineData("null", 403)]
    [InlineData("", 403)]
    [InlineData("file://", 403)]
    [InlineData("chrome-extension://abcdefgh", 403)]
    public async Task Change_WithThatOrigin_IsAcceptedOnlyFromTheAppsOwn(string origin, int expected)
    {
        await using var app = await StartAsync();
        var host = app.Http.BaseAddress!;
        origin = origin.Replace("HOST", host.Authority, StringComparison.Ordinal).Replace("PORT", $"{host.Port}", StringComparison.Ordinal);

        Assert.Equal(expected, await SendAsync(app, "POST /api/files HTTP/1.1", $"Host: {host.Authority}", $"Origin: {origin}", "Content-Length: 0"));
    }

    [Fact]
    public async Task Change_WithTwoOrigins_IsRefused()
    {
        await using var app = await StartAsync();
        var own = app.Http.BaseAddress!;

        Assert.Equal(403, await SendAsync(
            app, "POST /api/files HTTP/1.1", $"Host: {own.Authority}", $"Origin: http://{own.Authority}", "Origin: http://evil.example", "Content-Length: 0"));
    }

    [Theory]
    [InlineData("/api/files/in/a", 200)]
    [InlineData("/api/files/in/", 200)]
    [InlineData("/API/Files/IN/a", 200)]
    [InlineData("/api/files", Refused)]
    [InlineData("/api/files/inside", Refused)]
    [InlineData("/api/files/in/../a", Refused)]
    [InlineData("/api/files/in/%2e%2e/a", Refused)]
    [InlineData("/api/files/in/./../../plain", Refused)]
    [InlineData("//api/files/in/a", Refused)]
    [InlineData("/api/files%2Fin/a", Refused)]
    [InlineData("/api/plain?x=/api/files/in/", Refused)]
    public async Task Request_UnderTheNameOfATunnel_ReachesItsPathsOnly(string target, int expected)
    {
        await using var app = await StartAsync("--LocalRuntime:AllowedHosts=flows.example=/api/files/in/");

        Assert.Equal(expected, await SendAsync(app, $"POST {target} HTTP/1.1", "Host: flows.example", "Content-Length: 0"));
        Assert.Equal(Refused, await SendAsync(app, $"POST {target} HTTP/1.1", "Host: flows.example.evil.example", "Content-Length: 0"));
    }

    private static Task<LocalApp> StartAsync(params string[] arguments) =>
        new LocalApp { Arguments = arguments }.StartAsync(typeof(HttpFunctionTests.Routes));

    private static Task<int> SendAsync(LocalApp app, params string[] lines) => RawRequest.StatusAsync(app.Http.BaseAddress!.Port, lines);
}
