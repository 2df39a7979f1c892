using System.Net;
using System.Net.Sockets;
using System.Text;
using Clipia;
using ClipiaFlows.Media;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Tests.Media;

/// <summary>Answers that no honest media host gives, byte for byte over a real socket.</summary>
public sealed class HostileMediaTests
{
    private const long MaxBytes = 100_000;
    private const string Ok = "HTTP/1.1 200 OK\r\n";
    private const string Png = "\x89PNG\r\n\x1A\n";
    private static readonly string Picture = Png + new string('\0', 2000);

    public static TheoryData<string, string, string, string> Refused() => new()
    {
        // What it says, what it sends for ever after, and the code.
        { "no bytes", Sized("image/png", ""), "", "media_type_refused" },
        { "no bytes in chunks", $"{Ok}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "", "media_type_refused" },
        { "seven bytes of a picture", Sized("image/png", Png[..7]), "", "media_type_refused" },
        { "a page as a picture", Sized("image/png", "<!doctype html><script>alert(1)</script>"), "", "media_type_refused" },
        { "a page behind a byte order mark", Sized("image/png", "\xEF\xBB\xBF<html>"), "", "media_type_refused" },
        { "a picture as a page", Sized("text/html", Picture), "", "media_type_refused" },
        { "a picture as a script", Sized("application/javascript", Picture), "", "media_type_refused" },
        { "a picture as a film", Sized("video/mp4", Picture), "", "media_type_refused" },
        { "a drawing in XML", Sized("image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"), "", "media_type_refused" },
        { "a drawing behind a prologue", Sized("image/svg+xml", "<?xml version=\"1.0\"?><!DOCTYPE svg [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><svg>&x;</svg>"), "", "media_type_refused" },
        { "a page without a type", Sized("application/octet-stream", "<html></html>      "), "", "media_type_refused" },
        { "JSON", Sized("image/png", "{\"error\":{\"code\":\"expired\"}}"), "", "media_type_refused" },
        { "an archive", Sized("image/png", "PK\x03\x04" + new string('\0', 100)), "", "media_type_refused" },
        { "a document", Sized("image/png", "%PDF-1.7\n" + new string(' ', 100)), "", "media_type_refused" },
        { "a program", Sized("image/png", "\x7FELF" + new string('\0', 100)), "", "media_type_refused" },
        { "a program for Windows", Sized("image/png", "MZ" + new string('\0', 100)), "", "media_type_refused" },
        { "a sound in a RIFF", Sized("image/webp", "RIFF\x24\0\0\0WAVEfmt " + new string('\0', 100)), "", "media_type_refused" },
        { "almost a PNG", Sized("image/png", "\x89PNG\n\x1A\n" + new string('\0', 100)), "", "media_type_refused" },
        { "a compressed bomb", $"{Ok}Content-Type: image/png\r\nContent-Encoding: gzip\r\nContent-Length: 10\r\n\r\n\x1F\x8B\x08\0\0\0\0\0\0\0", "", "media_type_refused" },
        { "a bomb in a bomb", $"{Ok}Content-Encoding: gzip, gzip\r\nContent-Length: 10\r\n\r\n\x1F\x8B\x08\0\0\0\0\0\0\0", "", "media_type_refused" },
        { "a bomb that starts as a picture", $"{Ok}Content-Type: image/png\r\nContent-Encoding: br\r\nContent-Length: {Picture.Length}\r\n\r\n{Picture}", "", "media_type_refused" },
        { "an announced terabyte", $"{Ok}Content-Type: image/png\r\nContent-Length: 1099511627776\r\n\r\n{Picture}", "", "media_too_large" },
        { "one byte too many", Sized("image/png", Png + new string('\0', (int)MaxBytes - 7)), "", "media_too_large" },
        { "a body without end", $"{Ok}Content-Type: image/png\r\n\r\n{Picture}", Picture, "media_too_large" },
        { "chunks without end", $"{Ok}Content-Type: image/png\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{Png}\r\n", "400\r\n" + new string('\0', 1024) + "\r\n", "media_too_large" },
        { "less than announced", $"{Ok}Content-Type: image/png\r\nContent-Length: 5000\r\n\r\n{Picture}", "", "media_cut_short" },
        { "a chunk cut off", $"{Ok}Transfer-Encoding: chunked\r\n\r\n1000\r\n{Picture}", "", "media_cut_short" },
        { "chunks that are none", $"{Ok}Transfer-Encoding: chunked\r\n\r\n20\r\n{Png}{new string('\0', 24)}\r\nzz\r\n", "", "media_cut_short" },
        { "two lengths", $"{Ok}Content-Length: 3\r\nContent-Length: 2008\r\n\r\n{Picture}", "", "media_type_refused" },
        { "headers without end", Ok, "X-Flood: " + new string('x', 1000) + "\r\n", "media_unavailable" },
        { "one header without end", $"{Ok}X-Flood: ", new string('x', 1000), "media_unavailable" },
        { "a status line without end", "HTTP/1.1 200 ", new string('O', 1000), "media_unavailable" },
        { "no HTTP", "SSH-2.0-OpenSSH_9.9\r\n", "", "media_unavailable" },
        { "nothing", "", "", "media_unavailable" },
        { "a part of it", $"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-7/2008\r\nContent-Length: 8\r\n\r\n{Png}", "", "media_unavailable" },
        { "nothing new", "HTTP/1.1 304 Not Modified\r\n\r\n", "", "media_unavailable" },
        { "a redirect nowhere", "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", "", "media_unavailable" },
        { "a redirect that cannot be read", Redirect(302, "http://[nonsense"), "", "media_unavailable" },
        { "inward, 301", Redirect(301, "https://169.254.169.254/latest/meta-data"), "", "media_address_refused" },
        { "inward, 303", Redirect(303, "https://10.0.0.1/"), "", "media_address_refused" },
        { "inward, 307", Redirect(307, "https://[::1]/"), "", "media_address_refused" },
        { "inward, 308", Redirect(308, "https://0x7f000001/"), "", "media_address_refused" },
        { "inward without a scheme", Redirect(302, "//2852039166/latest/meta-data"), "", "media_address_refused" },
        { "another port of this machine", Redirect(302, "http://127.0.0.1:1/"), "", "media_address_refused" },
        { "another scheme", Redirect(302, "file:///etc/passwd"), "", "media_address_refused" },
        { "data", Redirect(302, "data:image/png;base64,iVBORw0KGgo="), "", "media_address_refused" },
        { "with a user", Redirect(302, "https://media.clipia.ai@127.0.0.1/"), "", "media_address_refused" },
        { "round and round", Redirect(302, "/media/a.png"), "", "media_address_refused" },
    };

    [Theory, MemberData(nameof(Refused))]
    public async Task Open_AnswerOfAHostileHost_IsRefusedWithACode(string answer, string start, string forever, string code)
    {
        await using var host = new HostileHost(start, forever);

        var refusal = await RefusalAsync(host, timeoutSeconds: 60);

        Assert.True(code == refusal.Code, $"{answer}: {refusal.Code}, {refusal.Message}");
        Assert.NotEmpty(refusal.Message);
        // What the buffers between the two hold comes on top of what was read.
        Assert.InRange(host.Sent, 0, 20_000_000);
    }

    [Fact]
    public async Task Open_NewsWithoutEnd_EndsWithItsTime()
    {
        await using var host = new HostileHost("HTTP/1.1 103 Early Hints\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");

        var refusal = await RefusalAsync(host, timeoutSeconds: 1);

        Assert.Equal("media_unavailable", refusal.Code);
    }

    private static Task<MediaException> RefusalAsync(HostileHost host, int timeoutSeconds)
    {
        var options = Options.Create(new MediaOptions { MaxBytes = MaxBytes, TimeoutSeconds = timeoutSeconds });
        var source = new MediaSource(options, Options.Create(new ClipiaClientOptions { BaseUrl = host.Origin }));
        return Assert.ThrowsAsync<MediaException>(async () =>
        {
            using var http = new HttpClient(GuardedConnection.CreateHandler(source));
            await using var fetched = await new MediaFetcher(http, source, options).OpenAsync(new Uri(host.Origin, "/media/a.png"), CancellationToken.None);
            await fetched.Content.CopyToAsync(Stream.Null);
        });
    }

    private static string Sized(string type, string body) => $"{Ok}Content-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    private static string Redirect(int status, string location) => $"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n";

    /// <summary>Answers every connection with the same bytes, and then with others for as long as somebody reads them.</summary>
    private sealed class HostileHost : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _end = new();
        private readonly Task _serving;

        public HostileHost(string start, string forever)
        {
            _listener.Start();
            _serving = ServeAsync(Encoding.Latin1.GetBytes(start), Encoding.Latin1.GetBytes(forever));
        }

        /// <summary>In bytes, to all who came.</summary>
        public long Sent { get; private set; }

        public Uri Origin => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _serving;
            _listener.Dispose();
            _end.Dispose();
        }

        private async Task ServeAsync(byte[] start, byte[] forever)
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptSocketAsync(_end.Token);
                    await AnswerAsync(client, start, forever);
                }
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }

        private async Task AnswerAsync(Socket client, byte[] start, byte[] forever)
        {
            try
            {
                await client.ReceiveAsync(new byte[4096], _end.Token);
                Sent += await client.SendAsync(start, _end.Token);
                while (forever.Length > 0)
                    Sent += await client.SendAsync(forever, _end.Token);
                client.Shutdown(SocketShutdown.Both);
            }
            catch (SocketException)
            {
                // The fetcher has had enough.
            }
        }
    }
}
