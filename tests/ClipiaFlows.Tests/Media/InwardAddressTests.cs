using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Clipia;
using ClipiaFlows.Media;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Tests.Media;

/// <summary>Addresses that lead inward, in every notation: refused although the allow-list, set wrongly, names each of them.</summary>
public sealed class InwardAddressTests
{
    // A name server answers with public addresses only here; nothing listens there, and nothing routes to it (the returned 6bone).
    private static readonly IPAddress Unrouted = IPAddress.Parse("3ffe::1");

    [Theory]
    // Loopback: dotted, short, decimal, octal, hexadecimal, and mixed.
    [InlineData("https://127.0.0.1/a.png")]
    [InlineData("https://127.1/a.png")]
    [InlineData("https://127.0.1/a.png")]
    [InlineData("https://2130706433/a.png")]
    [InlineData("https://017700000001/a.png")]
    [InlineData("https://0177.0.0.1/a.png")]
    [InlineData("https://0x7f000001/a.png")]
    [InlineData("https://0x7f.0x0.0x0.0x1/a.png")]
    [InlineData("https://0x7f.1/a.png")]
    [InlineData("https://127.255.255.254/a.png")]
    [InlineData("https://0/a.png")]
    [InlineData("https://0.0.0.0/a.png")]
    [InlineData("https://localhost/a.png")]
    // Dots of another script, which become plain ones.
    [InlineData("https://127。0。0。1/a.png")]
    // Metadata and platform services, private and shared networks.
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://2852039166/latest/meta-data")]
    [InlineData("https://0251.0376.0251.0376/latest/meta-data")]
    [InlineData("https://0xa9fea9fe/latest/meta-data")]
    [InlineData("https://169.254.43518/latest/meta-data")]
    [InlineData("https://168.63.129.16/metadata")]
    [InlineData("https://100.100.100.200/metadata")]
    [InlineData("https://192.0.0.192/metadata")]
    [InlineData("https://10.0.0.1/a.png")]
    [InlineData("https://0xa.1/a.png")]
    [InlineData("https://172.16.0.1/a.png")]
    [InlineData("https://172.31.255.254/a.png")]
    [InlineData("https://192.168.0.1/a.png")]
    [InlineData("https://3232235521/a.png")]
    [InlineData("https://100.64.0.1/a.png")]
    [InlineData("https://198.18.0.1/a.png")]
    [InlineData("https://224.0.0.1/a.png")]
    [InlineData("https://255.255.255.255/a.png")]
    // IPv6: loopback, link-local with and without a zone, local, mapped, compatible, translated, tunnelled.
    [InlineData("https://[::1]/a.png")]
    [InlineData("https://[0:0:0:0:0:0:0:1]/a.png")]
    [InlineData("https://[::]/a.png")]
    [InlineData("https://[fe80::1]/a.png")]
    [InlineData("https://[fe80::1%251]/a.png")]
    [InlineData("https://[fe80::1%25eth0%2f]/a.png")]
    [InlineData("https://[fc00::1]/a.png")]
    [InlineData("https://[fd00:ec2::254]/latest/meta-data")]
    [InlineData("https://[fec0::1]/a.png")]
    [InlineData("https://[ff02::1]/a.png")]
    [InlineData("https://[::ffff:127.0.0.1]/a.png")]
    [InlineData("https://[::ffff:7f00:1]/a.png")]
    [InlineData("https://[::ffff:a9fe:a9fe]/latest/meta-data")]
    [InlineData("https://[::ffff:0:7f00:1]/a.png")]
    [InlineData("https://[::127.0.0.1]/a.png")]
    [InlineData("https://[64:ff9b::127.0.0.1]/a.png")]
    [InlineData("https://[64:ff9b::a9fe:a9fe]/a.png")]
    [InlineData("https://[64:ff9b:1::7f00:1]/a.png")]
    [InlineData("https://[2002:7f00:1::]/a.png")]
    [InlineData("https://[2002:a9fe:a9fe::]/a.png")]
    [InlineData("https://[2001:0:7f00:1::]/a.png")]
    [InlineData("https://[2001:db8::1]/a.png")]
    [InlineData("https://[100::1]/a.png")]
    public async Task Open_InwardAddressThatIsAllowedByName_IsRefusedAtTheConnection(string address)
    {
        var target = new Uri(address);

        var refusal = await Assert.ThrowsAsync<MediaException>(() => OpenAsync(target, Dns.GetHostAddressesAsync, target.IdnHost, target.Host, target.DnsSafeHost));

        Assert.Equal(("media_address_refused", false), (refusal.Code, refusal.MayPass));
        Assert.Contains("not public", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://user:secret@media.clipia.ai/a.png")]
    [InlineData("https://media.clipia.ai@169.254.169.254/a.png")]
    [InlineData("https://169.254.169.254#@media.clipia.ai/a.png")]
    [InlineData("https://169.254.169.254?@media.clipia.ai/a.png")]
    [InlineData("https://media.clipia.ai./a.png")]
    [InlineData("https://media.clipia.ai.169.254.169.254.nip.io/a.png")]
    [InlineData("https://mediа.clipia.ai/a.png")]
    [InlineData("https://xn--medi-83d.clipia.ai/a.png")]
    [InlineData("https://１２７.０.０.１/a.png")]
    [InlineData("https://①②⑦.⓪.⓪.①/a.png")]
    [InlineData("http://media.clipia.ai/a.png")]
    [InlineData("HTTP://media.clipia.ai:443/a.png")]
    [InlineData("ftp://media.clipia.ai/a.png")]
    [InlineData("file://media.clipia.ai/etc/passwd")]
    [InlineData("file:///etc/passwd")]
    [InlineData("data:image/png;base64,iVBORw0KGgo=")]
    [InlineData("gopher://media.clipia.ai/_GET")]
    [InlineData("javascript:alert(1)")]
    [InlineData("unix:/var/run/docker.sock")]
    public async Task Open_AddressThatOnlyLooksAllowed_IsRefusedBeforeAnythingIsLookedUp(string address)
    {
        var refusal = await Assert.ThrowsAsync<MediaException>(() => OpenAsync(new Uri(address), NeverAsked, "media.clipia.ai"));

        Assert.Equal(("media_address_refused", false), (refusal.Code, refusal.MayPass));
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);

        static Task<IPAddress[]> NeverAsked(string host, CancellationToken cancellation) => throw new InvalidOperationException(host);
    }

    [Theory]
    [InlineData("https://%31%32%37.0.0.1/a.png")]
    [InlineData("https://169.254.169.254\\@media.clipia.ai/a.png")]
    [InlineData("https://media.clipia.ai%2eevil.example/a.png")]
    [InlineData("https://[::ffff:127.0.0.1/a.png")]
    [InlineData("https://media.clipia.ai:99999/a.png")]
    [InlineData("https:///a.png")]
    public void Files_AddressThatCannotBeRead_IsNoFile(string address) =>
        Assert.Empty(MediaFiles.Read(JsonSerializer.SerializeToElement(new { images = new[] { new { url = address } } })));

    /// <summary>A name server that answers something else the second time: what was checked is what is connected to.</summary>
    [Fact]
    public async Task Open_NameThatTurnsInwardAfterTheCheck_IsNeverConnectedToInside()
    {
        using var inside = new TcpListener(IPAddress.Loopback, 0);
        inside.Start();
        var asked = 0;

        var refusal = await Assert.ThrowsAsync<MediaException>(() => OpenAsync(
            new Uri($"https://media.clipia.ai:{((IPEndPoint)inside.LocalEndpoint).Port}/a.png"),
            (_, _) => Task.FromResult<IPAddress[]>([++asked == 1 ? Unrouted : IPAddress.Loopback]),
            "media.clipia.ai"));

        Assert.Equal(("media_unavailable", true), (refusal.Code, refusal.MayPass));
        Assert.Equal(1, asked);
        Assert.False(inside.Pending());
    }

    /// <summary>One inward answer among public ones is enough: which of them a connection takes is not ours to choose.</summary>
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("169.254.169.254")]
    public async Task Open_NameWithOneInwardAddress_IsRefused(string inward)
    {
        var refusal = await Assert.ThrowsAsync<MediaException>(() => OpenAsync(
            new Uri("https://media.clipia.ai/a.png"),
            (_, _) => Task.FromResult<IPAddress[]>([Unrouted, IPAddress.Parse(inward)]),
            "media.clipia.ai"));

        Assert.Equal("media_address_refused", refusal.Code);
    }

    private static async Task OpenAsync(Uri address, Func<string, CancellationToken, Task<IPAddress[]>> resolve, params string[] allowed)
    {
        var options = Options.Create(new MediaOptions { AllowedHosts = string.Join(' ', allowed), TimeoutSeconds = 20 });
        var source = new MediaSource(options, Options.Create(new ClipiaClientOptions()));
        using var http = new HttpClient(GuardedConnection.CreateHandler(source, resolve));
        await using var fetched = await new MediaFetcher(http, source, options).OpenAsync(address, CancellationToken.None);
    }
}
