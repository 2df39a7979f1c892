using ClipiaFlows.Media;

namespace ClipiaFlows.Tests.Media;

public sealed class MediaTypeTests
{
    [Theory]
    [InlineData("89504E470D0A1A0A0000000D49484452", "image/png", "png")]
    [InlineData("FFD8FFE000104A464946000101000001", "image/jpeg", "jpg")]
    [InlineData("524946461A000000574542505650384C", "image/webp", "webp")]
    [InlineData("474946383961010001000000FF00FF00", "image/gif", "gif")]
    [InlineData("0000001C667479706176696600000000", "image/avif", "avif")]
    [InlineData("0000002066747970697336D000000200", "video/mp4", "mp4")]
    [InlineData("00000014667479707174202000000200", "video/quicktime", "mov")]
    [InlineData("00000014667479706D703432000002AA", "video/mp4", "mp4")]
    [InlineData("000000086D6F6F760000006C6D766864", "video/quicktime", "mov")]
    [InlineData("00000008776964650000F00D6D646174", "video/quicktime", "mov")]
    [InlineData("1A45DFA39F4286810142F7810142F281", "video/webm", "webm")]
    public void Recognize_KnownSignature_NamesTheType(string hex, string contentType, string extension) =>
        Assert.Equal(new MediaType(contentType, extension), MediaType.Recognize(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("")]
    [InlineData("89504E47")]
    [InlineData("3C68746D6C3E")]
    [InlineData("3C737667")]
    [InlineData("1F8B0800")]
    [InlineData("524946461A00000057415645")]
    public void Recognize_AnythingElse_IsNothing(string hex) => Assert.Null(MediaType.Recognize(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("image/png", true)]
    [InlineData("image/webp", true)]
    [InlineData("IMAGE/PNG", true)]
    [InlineData("application/octet-stream", true)]
    [InlineData("binary/octet-stream", true)]
    [InlineData("imagery/png", false)]
    [InlineData("", false)]
    [InlineData(null, true)]
    [InlineData("image/x-png", true)]
    [InlineData("application/x-png", true)]
    [InlineData("text/plain", true)]
    [InlineData("text/html", false)]
    [InlineData("application/xhtml+xml", false)]
    [InlineData("application/zip", false)]
    [InlineData("application/mp4", false)]
    [InlineData("video/mp4", false)]
    public void AgreesWith_ClaimForAPng_OnlyWhenItIsAPictureOrSaysNothing(string? claimed, bool agrees) =>
        Assert.Equal(agrees, new MediaType("image/png", "png").AgreesWith(claimed));

    [Theory]
    [InlineData("application/mp4", true)]
    [InlineData("Application/MP4", true)]
    [InlineData("application/x-quicktimeplayer", true)]
    [InlineData("video/x-m4v", true)]
    [InlineData("application/png", false)]
    [InlineData("application/json", false)]
    [InlineData("image/png", false)]
    public void AgreesWith_ClaimForAFilm_TakesItsRegisteredNames(string claimed, bool agrees) =>
        Assert.Equal(agrees, new MediaType("video/mp4", "mp4").AgreesWith(claimed));

    [Theory]
    [InlineData("image/png", "png")]
    [InlineData("video/quicktime", "mov")]
    public void Of_TypeOfStoredFiles_IsThatType(string contentType, string extension) =>
        Assert.Equal(new MediaType(contentType, extension), MediaType.Of(contentType));

    [Fact]
    public void Of_AnyOtherType_IsNamed() =>
        Assert.StartsWith(
            "'text/html' is no media type of stored files.", Assert.Throws<ArgumentException>(() => MediaType.Of("text/html")).Message, StringComparison.Ordinal);
}
