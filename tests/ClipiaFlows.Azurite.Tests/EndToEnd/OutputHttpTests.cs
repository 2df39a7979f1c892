using System.Globalization;
using System.Security.Cryptography;
using ClipiaFlows.Cli.Api;
using Tests.Support.Browser;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

/// <summary>Stored files over HTTP, byte for byte over a socket: what browsers, players and download tools rely on.</summary>
[Collection(SharedStackUsers.Name)]
public sealed class OutputHttpTests(SharedStackFixture shared)
{
    private static Task<(string Batch, JobOutput Output)>? _video;

    [Fact]
    public async Task Get_WholeFile_HasItsLengthAndValidators()
    {
        var (target, output) = await VideoAsync();

        var answer = await SendAsync("GET", target);

        Assert.Equal((200, output.Bytes!.Value, output.Sha256), (answer.Status, answer.Body.LongLength, Hash(answer.Body)));
        Assert.Equal(Number(output.Bytes.Value), answer.Header("Content-Length"));
        Assert.Equal(("video/mp4", "bytes", "nosniff"), (answer.Header("Content-Type"), answer.Header("Accept-Ranges"), answer.Header("X-Content-Type-Options")));
        Assert.Matches("^\"[^\"]+\"$", answer.Header("ETag"));
        Assert.True(DateTimeOffset.TryParseExact(answer.Header("Last-Modified"), "r", CultureInfo.InvariantCulture, DateTimeStyles.None, out _));
        Assert.Null(answer.Header("Transfer-Encoding"));
    }

    [Theory]
    [InlineData("bytes=0-1", 0, 2)]
    [InlineData("bytes=100-", 100, null)]
    [InlineData("bytes=0-", 0, null)]
    [InlineData("bytes=-500", -500, 500)]
    [InlineData("bytes=1000-999999999", 1000, null)]
    [InlineData("bytes=-999999999", 0, null)]
    [InlineData("bytes=0-9223372036854775807", 0, null)]
    [InlineData("bytes=-9223372036854775807", 0, null)]
    [InlineData("Bytes=5-5", 5, 1)]
    public async Task Get_OneRange_AnswersIt(string range, int from, int? count)
    {
        var (target, output) = await VideoAsync();
        var whole = (await SendAsync("GET", target)).Body;
        var start = from < 0 ? whole.Length + from : from;
        var expected = whole[start..(count is { } some ? start + some : whole.Length)];

        var answer = await SendAsync("GET", target, $"Range: {range}");

        Assert.Equal(206, answer.Status);
        Assert.Equal($"bytes {start}-{start + expected.Length - 1}/{output.Bytes}", answer.Header("Content-Range"));
        Assert.Equal(Number(expected.Length), answer.Header("Content-Length"));
        Assert.Equal(expected, answer.Body);
    }

    [Theory]
    [InlineData("bytes=999999999-")]
    [InlineData("bytes=999999998-999999999")]
    [InlineData("bytes=-0")]
    public async Task Get_RangeBehindTheEnd_Answers416WithTheLength(string range)
    {
        var (target, output) = await VideoAsync();

        var answer = await SendAsync("GET", target, $"Range: {range}");

        Assert.Equal((416, $"bytes */{output.Bytes}", 0), (answer.Status, answer.Header("Content-Range"), answer.Body.Length));
    }

    [Theory]
    [InlineData("bytes=5-2")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes")]
    [InlineData("items=0-1")]
    [InlineData("bytes=0-1,5-6")]
    public async Task Get_RangeThatIsNoneOrSeveral_AnswersTheWholeFile(string range)
    {
        var (target, output) = await VideoAsync();

        var answer = await SendAsync("GET", target, $"Range: {range}");

        Assert.Equal((200, output.Bytes!.Value), (answer.Status, answer.Body.LongLength));
        Assert.Null(answer.Header("Content-Range"));
    }

    [Fact]
    public async Task Get_Conditions_AreObeyed()
    {
        var (target, output) = await VideoAsync();
        var first = await SendAsync("HEAD", target);
        var (tag, at) = (first.Header("ETag")!, first.Header("Last-Modified")!);
        var before = DateTimeOffset.Parse(at, CultureInfo.InvariantCulture).AddDays(-1).ToString("r", CultureInfo.InvariantCulture);

        foreach (var (status, headers) in new (int, string[])[]
        {
            (304, [$"If-None-Match: {tag}"]),
            (304, [$"If-None-Match: W/{tag}"]),
            (304, [$"If-None-Match: \"other\", {tag}"]),
            (304, ["If-None-Match: *"]),
            (200, ["If-None-Match: \"other\""]),
            (304, [$"If-Modified-Since: {at}"]),
            (200, [$"If-Modified-Since: {before}"]),
            (200, [$"If-Match: {tag}"]),
            (412, ["If-Match: \"other\""]),
            (200, [$"If-Unmodified-Since: {at}"]),
            (412, [$"If-Unmodified-Since: {before}"]),
            (206, ["Range: bytes=0-9", $"If-Range: {tag}"]),
            (200, ["Range: bytes=0-9", "If-Range: \"other\""]),
            (206, ["Range: bytes=0-9", $"If-Range: {at}"]),
            (200, ["Range: bytes=0-9", $"If-Range: {before}"]),
            (412, ["Range: bytes=0-9", "If-Match: \"other\""]),
        })
        {
            var answer = await SendAsync("GET", target, headers);
            Assert.True(status == answer.Status, $"{string.Join(", ", headers)}: {answer.Status}");
            Assert.Equal(status switch { 200 => output.Bytes!.Value, 206 => 10, _ => 0 }, answer.Body.LongLength);
            if (status != 412)
                Assert.Equal(tag, answer.Header("ETag"));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("Range: bytes=0-1")]
    public async Task Head_OfAFile_HasTheHeadersOfTheWholeFileAndNoBody(string header)
    {
        var (target, _) = await VideoAsync();
        var whole = await SendAsync("GET", target);

        var answer = await SendAsync("HEAD", target, header.Length == 0 ? [] : [header]);

        Assert.Equal((200, 0), (answer.Status, answer.Body.Length));
        foreach (var name in new[] { "Content-Length", "Content-Type", "ETag", "Last-Modified", "Accept-Ranges" })
            Assert.Equal(whole.Header(name), answer.Header(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/jobs")]
    [InlineData("/results")]
    [InlineData("/results?format=csv")]
    [InlineData("/gallery")]
    [InlineData("/receipt/summary.json")]
    [InlineData("/receipt/results.jsonl")]
    public async Task Head_WhereGetAnswers_AnswersTheSameWithoutABody(string below)
    {
        var (target, _) = await VideoAsync();
        var batch = target[..target.IndexOf("/outputs/", StringComparison.Ordinal)];
        var get = await SendAsync("GET", batch + below);

        var head = await SendAsync("HEAD", batch + below);

        Assert.Equal((200, get.Header("Content-Type"), 0), (head.Status, head.Header("Content-Type"), head.Body.Length));
        Assert.Equal(404, (await SendAsync("HEAD", "/api/batches/no-such-batch" + below)).Status);
    }

    [Fact]
    public async Task Head_OfWhatNeedsNoBatch_Answers()
    {
        foreach (var target in new[] { "/api/batches", "/api/health", "/api/openapi.json", "/api/dashboard", "/api/schema/manifest.json" })
            Assert.Equal((200, 0), await SendAsync("HEAD", target) is var answer ? (answer.Status, answer.Body.Length) : default);
    }

    [Theory]
    [InlineData("films%2Fsea.mp4", 200)]
    [InlineData("films%2fsea.mp4", 200)]
    [InlineData("films/sea.mp4", 200)]
    [InlineData("f%69lms/sea%2Emp4", 200)]
    [InlineData("films%252Fsea.mp4", 404)]
    [InlineData("films%2F%2Fsea.mp4", 404)]
    [InlineData("films%2F..%2Ffilms%2Fsea.mp4", 404)]
    [InlineData("..%2F..%2Fother%2Foutputs%2Fsea.mp4", 404)]
    [InlineData("films%5Csea.mp4", 404)]
    [InlineData("films\\sea.mp4", 404)]
    [InlineData("%2e%2e%2ffilms%2fsea.mp4", 404)]
    [InlineData("films%2F%252e%252e%2Fsea.mp4", 404)]
    [InlineData("films%2Fsea.mp4%00", 400)]
    [InlineData("films%2Fsea.mp4%0A", 404)]
    [InlineData("films%2F%E6%B5%B7%20a+b%23c%3Fd.mp4", 404)]
    public async Task Get_PathInAnyNotation_IsDecodedOnceAndClimbsNowhere(string path, int status)
    {
        var (target, output) = await VideoAsync();

        var answer = await SendAsync("GET", target[..(target.IndexOf("/outputs/", StringComparison.Ordinal) + 9)] + path);

        Assert.Equal(status, answer.Status);
        if (status == 200)
            Assert.Equal(output.Sha256, Hash(answer.Body));
    }

    [Fact]
    public async Task Get_NamesOfAnyScriptWithSpacesAndSigns_AreFoundWhereverStorageHasThem()
    {
        var (target, _) = await VideoAsync();
        var batch = target.Split('/')[3];
        var container = new Azure.Storage.Blobs.BlobContainerClient(shared.Running.Local.StorageConnectionString, "outputs");
        foreach (var name in new[] { "海/a b.png", "a+b#c?d.png", "ÄÖ&=;'.png" })
        {
            await container.GetBlobClient($"{batch}/{name}").UploadAsync(BinaryData.FromString(name), overwrite: true);
            var answer = await SendAsync("GET", $"/api/batches/{batch}/outputs/{Uri.EscapeDataString(name)}");
            await container.GetBlobClient($"{batch}/{name}").DeleteAsync();
            Assert.Equal((200, name), (answer.Status, System.Text.Encoding.UTF8.GetString(answer.Body)));
        }
    }

    [BrowserFact]
    public async Task Video_InABrowser_CanBeSought()
    {
        var (target, _) = await VideoAsync();
        await using var page = await Page.OpenAsync(new Uri(shared.Running.Local.AppUrl, target));
        await page.UntilAsync("document.querySelector('video')?.readyState >= 1");

        // Without ranges it cannot be sought, and the time stays 0.
        await page.EvaluateAsync<string>("(() => { const film = document.querySelector('video'); film.pause(); film.currentTime = film.duration / 2; return ''; })()");
        await page.UntilAsync("(() => { const film = document.querySelector('video'); return !film.seeking && film.currentTime > film.duration / 3; })()");

        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('video').seekable.end(0) > 0"));
    }

    private async Task<(string Target, JobOutput Output)> VideoAsync()
    {
        _video ??= MakeAsync();
        var (batch, output) = await _video;
        return ($"/api/batches/{batch}/outputs/{output.Path}", output);
    }

    private async Task<(string Batch, JobOutput Output)> MakeAsync()
    {
        var batch = await shared.Running.RunAsync(
            """{"version":1,"jobs":[{"id":"sea","model":"seedance-2-fast-i2v","input":{"prompt":"the sea","image_url":"https://example.com/sea.png","duration":5,"resolution":"720p"},"output":{"path":"films/sea.{{ext}}"}}]}"""u8.ToArray());
        Assert.True(batch.IsSuccess, batch.Raw.GetRawText());
        var job = Assert.Single(await shared.Running.ResultsAsync(batch.Id));
        return (batch.Id, Assert.Single(job.Outputs));
    }

    private Task<RawHttp> SendAsync(string method, string target, params string[] headers) =>
        RawHttp.SendAsync(shared.Running.Local.AppUrl, method, target, headers);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
