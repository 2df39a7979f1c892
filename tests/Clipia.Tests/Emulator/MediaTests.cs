using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Text.Json;

namespace Clipia.Tests.Emulator;

public sealed class MediaTests
{
    [Theory]
    [InlineData("""{"prompt":"a","aspect_ratio":"1:1"}""", 1024, 1024)]
    [InlineData("""{"prompt":"a","aspect_ratio":"16:9","resolution":"2k"}""", 2048, 1152)]
    [InlineData("""{"prompt":"a","aspect_ratio":"9:16"}""", 576, 1024)]
    public async Task Image_Completed_IsAPngOfTheSizeAskedFor(string input, int width, int height)
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var image = await CompleteAsync(emulator, "nano-banana-2", input, output => output.GetProperty("images")[0]);
        Assert.Equal((width, height), (image.GetProperty("width").GetInt32(), image.GetProperty("height").GetInt32()));

        using var response = await emulator.Local.Http.GetAsync(image.GetProperty("original_url").GetString());
        var bytes = await response.Content.ReadAsByteArrayAsync();

        Assert.Equal(("image/png", (long)bytes.Length), (response.Content.Headers.ContentType!.MediaType, response.Content.Headers.ContentLength));
        Assert.Equal((width, height), (BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(20))));
        Assert.Equal(height * (width + 1), Pixels(bytes).Length);
        Assert.InRange(bytes.Length, 1_000, 200_000);
        var display = await emulator.Local.Http.GetByteArrayAsync(image.GetProperty("url").GetString());
        Assert.Equal("RIFF"u8, display.AsSpan(0, 4));
        Assert.Equal("WEBPVP8L"u8, display.AsSpan(8, 8));
        Assert.Equal(display.Length - 8, BinaryPrimitives.ReadInt32LittleEndian(display.AsSpan(4)));
        var dimensions = BinaryPrimitives.ReadInt32LittleEndian(display.AsSpan(21));
        Assert.Equal(768, 1 + Math.Max(dimensions & 0x3FFF, dimensions >> 14 & 0x3FFF));
    }

    [Fact]
    public async Task Image_SameSeed_IsTheSamePictureAndOtherwiseAnother()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var pictures = new List<byte[]>();
        foreach (var input in new[] { """{"prompt":"a","seed":1}""", """{"prompt":"a","seed":1}""", """{"prompt":"a","seed":2}""", """{"prompt":"a"}""", """{"prompt":"a"}""" })
        {
            var image = await CompleteAsync(emulator, "nano-banana-2", input, output => output.GetProperty("images")[0]);
            pictures.Add(await emulator.Local.Http.GetByteArrayAsync(image.GetProperty("url").GetString()));
        }

        Assert.Equal(pictures[0], pictures[1]);
        Assert.Equal(4, pictures.Select(Convert.ToBase64String).Distinct().Count());
    }

    [Fact]
    public async Task Image_WordsWithAccentsOrWithoutSpaces_CanBeReadOnIt()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        async Task<bool[]> InkAsync(string prompt)
        {
            var image = await CompleteAsync(emulator, "flux-2-pro", $$"""{"prompt":"{{prompt}}"}""", output => output.GetProperty("images")[0]);
            return Ink(await emulator.Local.Http.GetByteArrayAsync(image.GetProperty("original_url").GetString()));
        }

        Assert.Equal(await InkAsync("Cafe Uber Naif"), await InkAsync("Café Über Naïf"));
        var unbroken = await InkAsync(new string('W', 130));
        Assert.DoesNotContain(unbroken.Index(), pixel => pixel.Item && pixel.Index % 1024 > 1024 - 8);
        Assert.InRange(unbroken.Count(isInk => isInk), 1_000, 1024 * 1024);
    }

    [Theory]
    [InlineData("sora-2", """{"prompt":"a","duration":1e7}""", "video")]
    [InlineData("sora-2", """{"prompt":"a","duration":-5}""", "video")]
    [InlineData("sora-2", """{"prompt":"a","duration":"long"}""", "video")]
    [InlineData("flux-2-pro", """{"prompt":"a","resolution":"4K"}""", "images")]
    public async Task Output_FieldThatTheModelDoesNotHave_IsIgnored(string model, string input, string kind)
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var output = await CompleteAsync(emulator, model, input, output => output.GetProperty(kind));

        if (kind == "video")
            Assert.Equal(8, output.GetProperty("duration").GetDouble());
        else
            Assert.Equal(1024, output[0].GetProperty("width").GetInt32());
        var file = await emulator.Local.Http.GetByteArrayAsync((kind == "video" ? output : output[0]).GetProperty("url").GetString());
        Assert.InRange(file.Length, 1_000, 300_000);
    }

    [Fact]
    public async Task Image_OtherSpellingsOfItsNumber_AreNoFiles()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var image = await CompleteAsync(emulator, "flux-2-pro", """{"prompt":"a"}""", output => output.GetProperty("images")[0]);
        var url = image.GetProperty("original_url").GetString()!;

        foreach (var number in new[] { "00", new string('0', 300), "%200", "+0" })
        {
            using var response = await emulator.Local.Http.GetAsync(url.Replace("-0.png", $"-{number}.png", StringComparison.Ordinal));
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    [Fact]
    public async Task Image_EndOfAChainOfThousands_IsDrawn()
    {
        await using var emulator = await EmulatorFixture.StartAsync(credits: 10_000_000);
        var url = "https://example.com/first.png";
        var id = "";
        for (var link = 0; link < 12_000; link++)
        {
            id = (await emulator.Live.SubmitAsync("nano-banana-2", $$"""{"prompt":"a","image_url":"{{url}}"}""")).Id;
            url = $"{emulator.Api.BaseUrl}media/{id}-0.png";
        }
        emulator.Time.Advance(20);

        await EmulatorFixture.EventuallyAsync(async () => (await emulator.Live.GetAsync($"/v1/requests/{id}")).Status == 200);
        Assert.InRange((await emulator.Local.Http.GetByteArrayAsync(url)).Length, 1_000, 200_000);
    }

    [Theory]
    [InlineData("480p", 10, 854, 480)]
    [InlineData("720p", 5, 1280, 720)]
    public async Task Video_Completed_IsAnMp4OfTheLengthAskedFor(string resolution, int seconds, int width, int height)
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var video = await CompleteAsync(
            emulator, "seedance-2-fast-t2v", $$"""{"prompt":"waves at night","resolution":"{{resolution}}","duration":{{seconds}}}""", output => output.GetProperty("video"));
        Assert.Equal((width, height, (double)seconds), (video.GetProperty("width").GetInt32(), video.GetProperty("height").GetInt32(), video.GetProperty("duration").GetDouble()));

        var bytes = await emulator.Local.Http.GetByteArrayAsync(video.GetProperty("url").GetString());

        Assert.Equal("ftyp"u8, bytes.AsSpan(4, 4));
        var header = bytes.AsSpan().IndexOf("mvhd"u8) + 16;
        Assert.Equal(seconds, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(header + 4)) / (double)BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(header)));
        Assert.InRange(bytes.Length, 10_000, 1_000_000);
    }

    [Theory]
    [InlineData("bytes=0-0", null, 206, 1)]
    [InlineData("bytes=-5", null, 206, 5)]
    [InlineData("bytes=10-", null, 206, -10)]
    [InlineData("bytes=0-99999999", null, 206, 0)]
    [InlineData("bytes=99999999-", null, 416, 0)]
    [InlineData("bytes=0-1,5-6", null, 200, 0)]
    [InlineData("bytes=5-1", null, 200, 0)]
    [InlineData("lines=0-1", null, 200, 0)]
    [InlineData("bytes=0-3", "\"sample\"", 206, 4)]
    [InlineData("bytes=0-3", "\"another\"", 200, 0)]
    public async Task Media_EachFormOfRange_IsAnsweredAsHttpSays(string range, string? ifRange, int status, int length)
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var whole = await emulator.Local.Http.GetByteArrayAsync("/media/sample.mp4");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/media/sample.mp4");
        request.Headers.TryAddWithoutValidation("Range", range);
        request.Headers.TryAddWithoutValidation("If-Range", ifRange);

        using var response = await emulator.Local.Http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("bytes", Assert.Single(response.Headers.AcceptRanges));
        if (status == 416)
            Assert.Equal($"bytes */{whole.Length}", response.Content.Headers.ContentRange!.ToString());
        else
            Assert.Equal(length > 0 ? length : whole.Length + length, (await response.Content.ReadAsByteArrayAsync()).Length);
    }

    [Theory]
    [InlineData("\"sample\"", 304)]
    [InlineData("\"a\", \"sample\"", 304)]
    [InlineData("W/\"sample\"", 304)]
    [InlineData("*", 304)]
    [InlineData("\"another\"", 200)]
    public async Task Media_IfNoneMatch_SparesWhatIsKnown(string known, int status)
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/media/sample.png");
        request.Headers.TryAddWithoutValidation("If-None-Match", known);

        using var response = await emulator.Local.Http.SendAsync(request);

        Assert.Equal((status, "\"sample\""), ((int)response.StatusCode, response.Headers.ETag!.Tag));
        Assert.Equal(status == 304, (await response.Content.ReadAsByteArrayAsync()).Length == 0);
    }

    [Fact]
    public async Task Media_Head_TellsTypeAndLengthWithoutTheBytes()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Head, "/media/sample-display.webp");

        using var response = await emulator.Local.Http.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, "image/webp"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.True(response.Content.Headers.ContentLength > 1000);
    }

    [Fact]
    public async Task Media_RangeAndETag_AreHonoured()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var whole = await emulator.Local.Http.GetByteArrayAsync("/media/sample.mp4");

        using var part = new HttpRequestMessage(HttpMethod.Get, "/media/sample.mp4") { Headers = { Range = new(4, 7) } };
        using var partial = await emulator.Local.Http.SendAsync(part);
        Assert.Equal((HttpStatusCode.PartialContent, "video/mp4"), (partial.StatusCode, partial.Content.Headers.ContentType!.MediaType));
        Assert.Equal(whole[4..8], await partial.Content.ReadAsByteArrayAsync());

        using var known = new HttpRequestMessage(HttpMethod.Get, "/media/sample.mp4") { Headers = { IfNoneMatch = { partial.Headers.ETag! } } };
        Assert.Equal(HttpStatusCode.NotModified, (await emulator.Local.Http.SendAsync(known)).StatusCode);
        using var head = new HttpRequestMessage(HttpMethod.Head, "/media/sample.mp4");
        Assert.Equal(whole.Length, (await emulator.Local.Http.SendAsync(head)).Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Media_UnknownOrUnfinished_IsNotFound()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var submitted = await emulator.Live.SubmitAsync("flux-2-pro", """{"prompt":"a"}""");

        foreach (var name in new[] { $"{submitted.Id}-0.png", "nothing.png", "..%2Femulator.db", $"{Guid.NewGuid()}.mp4" })
            Assert.Equal(HttpStatusCode.NotFound, (await emulator.Local.Http.GetAsync($"/media/{name}")).StatusCode);
        emulator.Time.Advance(14);
        Assert.Equal(HttpStatusCode.OK, (await emulator.Local.Http.GetAsync($"/media/{submitted.Id}-0.png")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await emulator.Local.Http.GetAsync($"/media/{submitted.Id}-1.png")).StatusCode);
    }

    [Fact]
    public async Task Scenarios_OnMedia_TruncateMislabelAndRedirect()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        foreach (var effect in new[] { "truncate_media", "wrong_media_type", "redirect_media" })
        {
            await emulator.Local.PostAsync("/_local/scenarios", $$"""{"effect":"{{effect}}","first":1}""");
            using var request = new HttpRequestMessage(HttpMethod.Get, "/media/sample.png");
            using var response = await emulator.Local.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (effect == "truncate_media")
                await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsByteArrayAsync());
            else
                Assert.Equal(effect == "redirect_media" ? 302 : 200, (int)response.StatusCode);
            if (effect == "wrong_media_type")
                Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        }
        Assert.Equal(HttpStatusCode.OK, (await emulator.Local.Http.GetAsync("/media/sample.png")).StatusCode);
    }

    private static async Task<JsonElement> CompleteAsync(
        EmulatorFixture emulator, string model, string input, Func<JsonElement, JsonElement> pick)
    {
        var submitted = await emulator.Live.SubmitAsync(model, input);
        emulator.Time.Advance(14);
        return pick((await emulator.Live.GetAsync($"/v1/requests/{submitted.Id}")).Body.GetProperty("output"));
    }

    /// <summary>Where the picture is white, as only its words are, line after line.</summary>
    private static bool[] Ink(byte[] png)
    {
        var palette = png.AsSpan().IndexOf("PLTE"u8);
        var colours = png.AsSpan(palette + 4, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(palette - 4))).ToArray().Chunk(3).ToList();
        var white = (byte)colours.FindLastIndex(colour => colour is [255, 255, 255]);
        // Each line begins with the number of its filter, which is none.
        return [.. Pixels(png).Where((_, at) => at % 1025 != 0).Select(pixel => pixel == white)];
    }

    private static byte[] Pixels(byte[] png)
    {
        using var packed = new MemoryStream();
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            if (png.AsSpan(at + 4, 4).SequenceEqual("IDAT"u8))
                packed.Write(png, at + 8, length);
            at += length + 12;
        }
        packed.Position = 0;
        using var pixels = new MemoryStream();
        using var zlib = new ZLibStream(packed, CompressionMode.Decompress);
        zlib.CopyTo(pixels);
        return pixels.ToArray();
    }
}
