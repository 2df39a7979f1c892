using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Clipia;
using Clipia.Shared;
using ClipiaFlows.Media;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Tests.Support.Http;

namespace ClipiaFlows.Tests.Media;

/// <summary>Media through a proxy on a real socket, with a host behind it that speaks TLS.</summary>
public sealed class ProxyTests : IAsyncLifetime
{
    private static readonly X509Certificate2 Certificate = CreateCertificate();
    private WebApplication _origin = null!;
    private RecordingProxy _proxy = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(Certificate)));
        _origin = builder.Build();
        _origin.Run(http => http.Response.WriteAsync($"for {http.Request.Host}"));
        await _origin.StartAsync();
        _proxy = new RecordingProxy(new Uri(_origin.Urls.Single()).Port);
    }

    public async Task DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact]
    public async Task Get_HostThatOnlyTheProxyKnows_ComesThroughATunnel()
    {
        using var http = Create(noProxy: null, _ => throw new SocketException());

        Assert.Equal("for media.clipia.ai", await http.GetStringAsync("https://media.clipia.ai/a.png"));
        Assert.Equal(["media.clipia.ai:443"], _proxy.Asked);
    }

    [Fact]
    public async Task Get_PublicHost_ComesThroughATunnel()
    {
        using var http = Create(noProxy: null, _ => [IPAddress.Parse("8.8.8.8")]);

        Assert.Equal("for media.clipia.ai", await http.GetStringAsync("https://media.clipia.ai/a.png"));
        Assert.Equal(["media.clipia.ai:443"], _proxy.Asked);
    }

    /// <summary>The proxy is asked for nothing that this machine knows to be inside.</summary>
    [Theory]
    [InlineData("https://inside.example/", "10.0.0.5")]
    [InlineData("https://inside.example/", "127.0.0.1")]
    [InlineData("https://inside.example:8443/", "169.254.169.254")]
    [InlineData("https://inside.example/", "fd00::1")]
    [InlineData("https://10.0.0.5/", null)]
    [InlineData("https://169.254.169.254/", null)]
    [InlineData("https://[fd00::1]/", null)]
    [InlineData("https://[::ffff:10.0.0.5]/", null)]
    public async Task Get_PrivateAddress_IsRefusedBeforeTheProxyIsAsked(string address, string? resolved)
    {
        using var http = Create(noProxy: null, _ => resolved is null ? throw new SocketException() : [IPAddress.Parse(resolved)]);

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => http.GetStringAsync(address));

        Assert.Equal("media_address_refused", (failure as MediaException ?? failure.InnerException as MediaException)?.Code);
        Assert.Empty(_proxy.Asked);
    }

    [Theory]
    [InlineData("*", "https://media.clipia.ai/")]
    [InlineData("media.clipia.ai", "https://media.clipia.ai/")]
    [InlineData("clipia.ai", "https://media.clipia.ai/")]
    [InlineData(".clipia.ai", "https://media.clipia.ai/")]
    [InlineData("*.clipia.ai", "https://media.clipia.ai/")]
    [InlineData("a.example,media.clipia.ai:443", "https://media.clipia.ai/")]
    [InlineData("8.0.0.0/8", "https://8.8.8.8/")]
    [InlineData("8.8.8.8", "https://8.8.8.8/")]
    public async Task Get_HostInNoProxy_IsCalledDirectly(string noProxy, string address)
    {
        using var http = Create(noProxy, _ => throw new SocketException(), isReachable: false);

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync(address));

        Assert.Empty(_proxy.Asked);
    }

    [Theory]
    [InlineData("media.clipia.ai:8443")]
    [InlineData("pia.ai")]
    [InlineData("dia.clipia.ai")]
    [InlineData("10.0.0.0/8")]
    [InlineData("")]
    public async Task Get_HostNotInNoProxy_ComesThroughTheProxy(string noProxy)
    {
        using var http = Create(noProxy, _ => throw new SocketException());

        await http.GetStringAsync("https://media.clipia.ai/");

        Assert.Equal(["media.clipia.ai:443"], _proxy.Asked);
    }

    private HttpClient Create(string? noProxy, Func<string, IPAddress[]> resolve, bool isReachable = true)
    {
        var source = new MediaSource(Options.Create(new MediaOptions()), Options.Create(new ClipiaClientOptions()));
        var handler = GuardedConnection.CreateHandler(
            source, (host, _) => Task.FromResult(resolve(host)), new EnvironmentProxy(new WebProxy(_proxy.Address), noProxy));
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == Certificate.GetCertHashString();
        if (!isReachable)
            handler.ConnectCallback = (_, _) => throw new SocketException();
        return new HttpClient(handler);
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = DateTimeOffset.UtcNow;
        using var made = new CertificateRequest("CN=media.clipia.ai", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        // TLS on Windows wants the key from a file.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
