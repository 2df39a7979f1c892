using System.Text;

namespace Clipia.Tests.Client;

public sealed class WebhookDeliveryTests
{
    [Fact]
    public void TryParse_Success_ReadsEveryField()
    {
        var delivery = Parse(
            """
            {"request_id":"r1","status":"OK","payload":{"model":"nano-banana-2","cost":4,
             "output":{"images":[{"url":"https://media.clipia.ai/a.webp","original_url":"https://media.clipia.ai/a.png","width":1024,"height":768}]}}}
            """);

        Assert.NotNull(delivery);
        Assert.Equal(new RequestId("r1"), delivery.RequestId);
        Assert.True(delivery.IsOk);
        Assert.Equal("nano-banana-2", delivery.Model);
        Assert.Equal(4m, delivery.Cost);
        Assert.Null(delivery.Error);
        Assert.Equal(1, delivery.Output!.Value.GetProperty("images").GetArrayLength());
        var file = Assert.Single(delivery.Files);
        Assert.Equal(
            new MediaFile(MediaKind.Image, new("https://media.clipia.ai/a.webp"), new("https://media.clipia.ai/a.png"), 1024, 768, null),
            file);
        Assert.Equal(new Uri("https://media.clipia.ai/a.png"), file.BestUrl);
    }

    [Fact]
    public void TryParse_Failure_ReadsTheError()
    {
        var delivery = Parse("""{"request_id":"r2","status":"ERROR","error":{"code":"GENERATION_FAILED","message":"сбой"}}""");

        Assert.NotNull(delivery);
        Assert.False(delivery.IsOk);
        Assert.Equal("ERROR", delivery.Status);
        Assert.Equal(new GenerationError("GENERATION_FAILED", "сбой"), delivery.Error);
        Assert.Empty(delivery.Files);
        Assert.Null(delivery.Output);
    }

    [Theory]
    [InlineData("""{"request_id":"r"}""", "")]
    [InlineData("""{"request_id":"r","status":null,"payload":null,"error":null}""", "")]
    [InlineData("""{"request_id":"r","status":"PARTIAL","payload":{"output":[],"cost":{},"model":7},"error":[]}""", "PARTIAL")]
    [InlineData("""{"request_id":"r","status":{"a":1},"payload":"text"}""", "")]
    [InlineData("""{"request_id":"r","status":"ok"}""", "ok")]
    public void TryParse_FieldsMissingOrOdd_AreSimplyAbsent(string body, string status)
    {
        var delivery = Parse(body);

        Assert.NotNull(delivery);
        Assert.Equal(status, delivery.Status);
        Assert.False(delivery.IsOk);
        Assert.Empty(delivery.Files);
        Assert.Null(delivery.Cost);
        Assert.Null(delivery.Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"request_id":""}""")]
    [InlineData("""{"request_id":null,"status":"OK"}""")]
    [InlineData("""{"request_id":["r"],"status":"OK"}""")]
    [InlineData("""{"request_id":"r","status":"OK"} {}""")]
    [InlineData("""{"request_id":"r","status":"OK",}""")]
    [InlineData("""{"request_id":"r" /* comment */}""")]
    [InlineData("""{"request_id":"r\""")]
    [InlineData("""\ud83d""")]
    public void TryParse_NoDelivery_IsRefusedWithoutThrowing(string body) => Assert.Null(Parse(body));

    [Fact]
    public void TryParse_InvalidUtf8_IsRefused() =>
        Assert.False(WebhookDelivery.TryParse((byte[])[.. "{\"request_id\":\"r"u8, 0xFF, .. "\"}"u8], out _));

    [Fact]
    public void TryParse_ByteOrderMark_IsSkipped() =>
        Assert.True(WebhookDelivery.TryParse((byte[])[0xEF, 0xBB, 0xBF, .. "{\"request_id\":\"r\"}"u8], out _));

    [Fact]
    public void TryParse_LongestBody_IsReadAndOneByteMoreIsNot()
    {
        var body = """{"request_id":"r"}""".PadRight(WebhookDelivery.LongestBody);

        Assert.NotNull(Parse(body));
        Assert.Null(Parse(body + " "));
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(100, false)]
    [InlineData(50_000, false)]
    public void TryParse_DeepNesting_IsBounded(int depth, bool read) =>
        Assert.Equal(read, Parse($$"""{"request_id":"r","x":{{new string('[', depth)}}{{new string(']', depth)}}}""") is not null);

    [Theory]
    [InlineData("""\ud83d""", "\ufffd")]
    [InlineData("""\udd83""", "\ufffd")]
    [InlineData("""cut \uD83D\n""", "cut \ufffd\n")]
    [InlineData("""\ud83d\ud83d""", "\ufffd\ufffd")]
    [InlineData("""\ud83c\udf05""", "🌅")]
    [InlineData("""\\ud83d""", "\\ud83d")]
    [InlineData("""\\\ud83d""", "\\\ufffd")]
    [InlineData("""\u0041\ud83dx""", "A\ufffdx")]
    public void TryParse_HalfASurrogatePair_IsReplaced(string escaped, string message)
    {
        var delivery = Parse($$$"""{"request_id":"r","status":"ERROR","error":{"code":"X","message":"{{{escaped}}}"}}""");

        Assert.Equal(message, delivery?.Error?.Message);
        Assert.Equal(message, delivery!.Raw.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public void TryParse_RandomDamage_NeverThrows()
    {
        var sound = Encoding.UTF8.GetBytes(
            """{"request_id":"r\ud83c\udf05","status":"OK","payload":{"cost":1e3,"output":{"images":[{"url":"https://a/b"}]}}}""");
        var random = new Random(20260601);
        for (var round = 0; round < 20_000; round++)
        {
            var damaged = (byte[])sound.Clone();
            for (var hits = random.Next(1, 4); hits > 0; hits--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            var length = random.Next(damaged.Length + 1);

            if (WebhookDelivery.TryParse(damaged.AsMemory(0, length), out var delivery))
                Assert.NotEmpty(delivery.RequestId.Value);
        }
    }

    [Fact]
    public void TryParse_BufferReusedAfterwards_LeavesTheDeliveryAlone()
    {
        var buffer = """{"request_id":"r1","status":"OK"}"""u8.ToArray();
        Assert.True(WebhookDelivery.TryParse(buffer, out var delivery));
        buffer.AsSpan().Fill((byte)'x');

        Assert.Equal("OK", delivery.Raw.GetProperty("status").GetString());
    }

    private static WebhookDelivery? Parse(string body) =>
        WebhookDelivery.TryParse(Encoding.UTF8.GetBytes(body), out var delivery) ? delivery : null;
}
