using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

/// <summary>All bodies of JSON are read by the same rules.</summary>
[Collection(SharedStackUsers.Name)]
public sealed class BodyEncodingTests(SharedStackFixture shared) : IDisposable
{
    private const string Job = """{"model":"nano-banana-2","input":{"prompt":"Café"}}""";
    private const string Manifest = """{"jobs":[{"id":"a","model":"nano-banana-2","input":{"prompt":"Café"}}]}""";

    private readonly HttpClient _http = new() { BaseAddress = new(shared.Running.Local.AppUrl, "api/") };

    public static TheoryData<string, string> Bodies() => new()
    {
        { "jobs", "Windows-1252 or Latin-1" },
        { "jobs", "UTF-16 (little endian)" },
        { "jobs", "UTF-16 (big endian)" },
        { "jobs", "UTF-32 (little endian)" },
        { "jobs", "gzip" },
        { "jobs", "half of a surrogate pair" },
        { "batches", "Windows-1252 or Latin-1" },
        { "batches", "UTF-16 (little endian)" },
        { "batches", "gzip" },
        { "batches", "half of a surrogate pair" },
        { "batches/never/retry", "Windows-1252 or Latin-1" },
        { "batches/never/retry", "UTF-16 (little endian)" },
        { "batches/never/retry", "gzip" },
        { "batches/never/retry", "half of a surrogate pair" },
    };

    public void Dispose() => _http.Dispose();

    [Theory, MemberData(nameof(Bodies))]
    public async Task Post_TextThatIsNotUtf8_IsRefusedByNameAndSpendsNothing(string path, string name)
    {
        var before = await shared.Running.Emulator.LedgerAsync();
        var text = path switch { "jobs" => Job, "batches" => Manifest, _ => """{"jobs":["Café"]}""" };

        using var refused = await PostAsync(path, Encode(text, name));

        var answer = await refused.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(name, answer, StringComparison.Ordinal);
        Assert.Equal(before.Entries.Count, (await shared.Running.Emulator.LedgerAsync()).Entries.Count);
    }

    [Fact]
    public async Task Post_TextBehindAByteOrderMark_IsAccepted()
    {
        using var job = await PostAsync("jobs?dryRun=true", Marked(Job));
        using var manifest = await PostAsync("batches?dryRun=true", Marked(Manifest));
        using var pointer = await PostAsync("batches", Marked("""{"manifestBlob":"nothing.json"}"""));
        using var pointerWithoutMark = await PostAsync("batches", Encoding.UTF8.GetBytes("""{"manifestBlob":"nothing.json"}"""));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (job.StatusCode, manifest.StatusCode));
        Assert.Equal(await CodeOf(pointerWithoutMark), await CodeOf(pointer));
        Assert.Equal(pointerWithoutMark.StatusCode, pointer.StatusCode);
    }

    [Theory]
    [InlineData("jobs")]
    [InlineData("batches")]
    [InlineData("batches/never/retry")]
    public async Task Post_HeadersThatAnnounceOtherText_AreRefused(string path)
    {
        using var compressed = await PostAsync(path, Encoding.UTF8.GetBytes(Job), content => content.Headers.ContentEncoding.Add("gzip"));
        using var latin = await PostAsync(path, Encoding.UTF8.GetBytes(Job), content => content.Headers.ContentType = new("application/json", "iso-8859-1"));

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "unsupported_content_encoding"), (compressed.StatusCode, await CodeOf(compressed)));
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "unsupported_charset"), (latin.StatusCode, await CodeOf(latin)));
    }

    private static byte[] Encode(string text, string name)
    {
        switch (name)
        {
            case "Windows-1252 or Latin-1": return Encoding.Latin1.GetBytes(text);
            case "UTF-16 (little endian)": return Encoding.Unicode.GetBytes(text);
            case "UTF-16 (big endian)": return Encoding.BigEndianUnicode.GetBytes(text);
            case "UTF-32 (little endian)": return Encoding.UTF32.GetBytes(text);
            case "half of a surrogate pair": return Encoding.UTF8.GetBytes(text.Replace("é", "\\ud83d", StringComparison.Ordinal));
            default:
                using (var bytes = new MemoryStream())
                {
                    using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
                        gzip.Write(Encoding.UTF8.GetBytes(text));
                    return bytes.ToArray();
                }
        }
    }

    private static byte[] Marked(string text) => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)];

    private static async Task<string?> CodeOf(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();

    private async Task<HttpResponseMessage> PostAsync(string path, byte[] body, Action<HttpContent>? change = null)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        change?.Invoke(content);
        return await _http.PostAsync(new Uri(path, UriKind.Relative), content);
    }
}
