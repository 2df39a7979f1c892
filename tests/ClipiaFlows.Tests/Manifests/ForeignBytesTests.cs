using System.IO.Compression;
using System.Text;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Tests.Manifests;

public sealed class ForeignBytesTests
{
    private const string Manifest = """{"jobs":[{"id":"a","model":"m","input":{"prompt":"Café"}}]}""";

    public static TheoryData<string, bool, string> Encodings() => new()
    {
        { "utf-16", true, "UTF-16 (little endian)" },
        { "utf-16", false, "UTF-16 (little endian)" },
        { "utf-16BE", true, "UTF-16 (big endian)" },
        { "utf-16BE", false, "UTF-16 (big endian)" },
        { "utf-32", true, "UTF-32 (little endian)" },
        { "utf-32", false, "UTF-32 (little endian)" },
        { "utf-32BE", true, "UTF-32 (big endian)" },
        { "utf-32BE", false, "UTF-32 (big endian)" },
    };

    [Theory, MemberData(nameof(Encodings))]
    public void Read_AnotherUnicodeEncoding_IsNamed(string encoding, bool hasMark, string name)
    {
        var writer = Encoding.GetEncoding(encoding);
        byte[] text = [.. hasMark ? writer.GetPreamble() : [], .. writer.GetBytes(Manifest + "\n" + Manifest)];

        foreach (var format in new ManifestFormat?[] { null, ManifestFormat.Json, ManifestFormat.JsonLines })
        {
            var problem = Assert.Single(ManifestReader.Read(text, format).Problems);
            Assert.Equal((ProblemCodes.InvalidUtf8, name), (problem.Code, problem.Value));
        }
    }

    [Fact]
    public void Read_Gzip_IsNamed()
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(Manifest));

        Assert.Equal("gzip", Assert.Single(ManifestReader.Read(bytes.ToArray()).Problems).Value);
    }

    [Theory]
    [InlineData(new byte[] { 0xE9 }, "Windows-1252 or Latin-1")]
    [InlineData(new byte[] { 0x93 }, "Windows-1252 or Latin-1")]
    [InlineData(new byte[] { 0xC0, 0xAF }, "more bytes than it needs")]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, "half of a surrogate pair")]
    public void Read_BytesThatAreNotUtf8_NamesTheLikelyEncoding(byte[] bytes, string expected)
    {
        var problem = Assert.Single(ManifestReader.Read((byte[])[.. "{\"name\":\"Caf"u8, .. bytes, .. "\"}"u8]).Problems);

        Assert.Equal((ProblemCodes.InvalidUtf8, "line 1, column 13"), (problem.Code, problem.Value));
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ProblemsOf_TextBehindAByteOrderMark_AreNone() =>
        Assert.Empty(JsonBody.ProblemsOf(JsonBody.WithoutMark((byte[])[0xEF, 0xBB, 0xBF, .. "{\"a\":1}"u8])));

    [Theory]
    [InlineData("""{"prompt":"\ud800"}""")]
    [InlineData("""{"\udc00":1}""")]
    [InlineData("""["\udc00\ud800"]""")]
    public void ProblemsOf_HalfOfASurrogatePair_AreInvalidText(string text) =>
        Assert.Equal(ProblemCodes.InvalidText, Assert.Single(JsonBody.ProblemsOf(Encoding.UTF8.GetBytes(text))).Code);
}
