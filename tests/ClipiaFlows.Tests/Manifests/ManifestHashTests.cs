using System.Text;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Tests.Manifests;

public sealed class ManifestHashTests
{
    // printf '{"a":"x","jobs":[1,{"b":true,"c":null}]}' | sha256sum
    private const string Known = "ace65400e9772b7e8bd268db376b701d9c110e98ee6af26a53ff4be3112269a3";

    [Theory]
    [InlineData("""{"a":"x","jobs":[1,{"b":true,"c":null}]}""")]
    [InlineData("""{ "jobs": [ 1, {"c": null, "b": true} ],  "a": "\u0078" }""")]
    [InlineData("\uFEFF{\"jobs\":[1,{\"c\":null,\"b\":true}],\n\"a\":\"x\"}")]
    public void Of_SameContent_IsTheSameHash(string manifest) => Assert.Equal(Known, Of(manifest));

    [Theory]
    [InlineData("""{"a":"y","jobs":[1,{"b":true,"c":null}]}""")]
    [InlineData("""{"a":"x","jobs":[{"b":true,"c":null},1]}""")]
    [InlineData("""{"a":"x","jobs":[1,{"b":true}]}""")]
    public void Of_OtherContent_IsAnotherHash(string manifest) => Assert.NotEqual(Known, Of(manifest));

    [Fact]
    public void Of_LargeManifest_IsHashedWhole() =>
        Assert.NotEqual(Of($"[\"{new string('x', 300_000)}\",1]"), Of($"[\"{new string('x', 300_000)}\",2]"));

    private static string Of(string text) => ManifestHash.Of(Encoding.UTF8.GetBytes(text));
}
