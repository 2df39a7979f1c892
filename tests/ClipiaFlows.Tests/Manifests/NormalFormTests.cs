using ClipiaFlows.Manifests;

namespace ClipiaFlows.Tests.Manifests;

public sealed class NormalFormTests
{
    /// <summary>Lines of the standard's own conformance test: composed, decomposed, and both with compatibility characters replaced.</summary>
    [Theory]
    [InlineData("\u1E0A", "\u1E0A", "D\u0307", "\u1E0A")]
    [InlineData("\u1E0C\u0307", "\u1E0C\u0307", "D\u0323\u0307", "\u1E0C\u0307")]
    [InlineData("D\u0307\u0323", "\u1E0C\u0307", "D\u0323\u0307", "\u1E0C\u0307")]
    [InlineData("\u1E14\u0304", "\u1E14\u0304", "E\u0304\u0300\u0304", "\u1E14\u0304")]
    [InlineData("\u212B", "\u00C5", "A\u030A", "\u00C5")]
    [InlineData("\u2126", "\u03A9", "\u03A9", "\u03A9")]
    [InlineData("\uFB01", "\uFB01", "fi", "fi")]
    [InlineData("\u1E9B\u0323", "\u1E9B\u0323", "s\u0323\u0307", "\u1E69")]
    [InlineData("\u0958", "\u0915\u093C", "\u0915\u093C", "\u0915\u093C")]
    [InlineData("\uAC01", "\uAC01", "\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01", "\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("\uAC00\u11A8", "\uAC01", "\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("\uFF76\uFF9E", "\uFF76\uFF9E", "\u30AB\u3099", "\u30AC")]
    [InlineData("\u3304", "\u3304", "\u30A4\u30CB\u30F3\u30AF\u3099", "\u30A4\u30CB\u30F3\u30B0")]
    [InlineData("\uF900", "\u8C48", "\u8C48", "\u8C48")]
    [InlineData("a\u0315\u0300\u05AE\u0300b", "\u00E0\u05AE\u0300\u0315b", "a\u05AE\u0300\u0300\u0315b", "\u00E0\u05AE\u0300\u0315b")]
    [InlineData("\u1E69", "\u1E69", "s\u0323\u0307", "\u1E69")]
    [InlineData("\u1EAF", "\u1EAF", "a\u0306\u0301", "\u1EAF")]
    [InlineData("\U0001D15F", "\U0001D158\U0001D165", "\U0001D158\U0001D165", "\U0001D158\U0001D165")]
    public void Compose_TextOfTheConformanceTest_IsTheStandards(string text, string composed, string decomposedCompatible, string composedCompatible)
    {
        Assert.Equal(composed, NormalForm.Compose(text));
        Assert.Equal(composed, NormalForm.Compose(composed));
        Assert.Equal(decomposedCompatible, NormalForm.DecomposeCompatible(text));
        Assert.Equal(composedCompatible, NormalForm.ComposeCompatible(text));
    }

    [Theory]
    [InlineData("Stra\u00DFe", "STRASSE")]
    [InlineData("\u1E9E", "ss")]
    [InlineData("\u03A3\u03AF\u03C3\u03C5\u03C6\u03BF\u03C2", "\u03A3\u038A\u03A3\u03A5\u03A6\u039F\u03A3")]
    [InlineData("\u0130", "i\u0307")]
    [InlineData("\u00E9", "E\u0301")]
    [InlineData("\uFF34\uFF4F\uFF4B\uFF59\uFF4F", "tokyo")]
    [InlineData("\u1FB3", "\u03B1\u03B9")]
    [InlineData("\u1FBC", "\u03B1\u03B9")]
    [InlineData("\u01F0", "J\u030C")]
    [InlineData("\u017F", "S")]
    [InlineData("\u212A", "k")]
    [InlineData("\u0416", "\u0436")]
    [InlineData("\U00010400", "\U00010428")]
    public void CaselessKey_TextsThatOnlyDifferInCaseOrForm_IsTheSame(string one, string other) =>
        Assert.Equal(NormalForm.CaselessKey(other), NormalForm.CaselessKey(one));

    [Theory]
    [InlineData("\u0131", "i")]
    [InlineData("\u00FC", "u")]
    [InlineData("\u00F8", "o")]
    [InlineData("\u0430", "a")]
    public void CaselessKey_OtherLetters_IsAnother(string one, string other) =>
        Assert.NotEqual(NormalForm.CaselessKey(other), NormalForm.CaselessKey(one));
}
