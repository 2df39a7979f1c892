using ClipiaFlows.Media;

namespace ClipiaFlows.Tests.Media;

public sealed class OutputPathTests
{
    [Theory]
    [InlineData("hero.{{ext}}", 0, "hero.png")]
    [InlineData("hero.{{ext}}", 1, "hero-2.png")]
    [InlineData("a.b/hero.{{ext}}", 2, "a.b/hero-3.png")]
    [InlineData("a.b/hero", 1, "a.b/hero-2")]
    [InlineData("hero/{{output}}.{{ext}}", 0, "hero/1.png")]
    [InlineData("hero/{{output}}.{{ext}}", 3, "hero/4.png")]
    public void For_Template_PutsInExtensionAndNumber(string template, int index, string path) =>
        Assert.Equal(path, OutputPath.For(template, "png", index));
}
