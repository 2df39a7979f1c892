using System.Text.RegularExpressions;
using ClipiaFlows.Delivery;

namespace ClipiaFlows.Tests.Delivery;

public sealed partial class FormulaGuardTests
{
    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\tx")]
    [InlineData("\rx")]
    [InlineData("\nx")]
    [InlineData("\n=1")]
    [InlineData("\r\n=1")]
    [InlineData(" =1")]
    [InlineData("   \t =1")]
    [InlineData("\u00A0=1")]
    [InlineData("\u3000=1")]
    [InlineData("\u200B=1")]
    [InlineData("\uFEFF=1")]
    [InlineData("\u2060\u00AD=1")]
    [InlineData("\u202E=1")]
    [InlineData("\u0000=1")]
    [InlineData("\u2028=1")]
    [InlineData("\U000E0041=1")]
    [InlineData("\uFE0F=1")]
    [InlineData("\uFF1D1")]
    [InlineData("\uFF0B1")]
    [InlineData("\uFF0D1")]
    [InlineData("\uFF20SUM(A1)")]
    [InlineData("\uFE661")]
    [InlineData("\u22121")]
    [InlineData(" \uFF1D1")]
    [InlineData("\"=1")]
    [InlineData("'=1")]
    [InlineData("''=1")]
    [InlineData("'\tx")]
    public void Guard_CellThatASpreadsheetCouldRun_BeginsWithAnApostrophe(string text)
    {
        var guarded = FormulaGuard.Guard(text);

        Assert.StartsWith("'" + text[0], guarded, StringComparison.Ordinal);
        Assert.Equal(text, TakenBack(guarded));
    }

    [Theory]
    [InlineData("a;=1", "a;'=1")]
    [InlineData("a,=1", "a,'=1")]
    [InlineData("a\t=1", "a\t'=1")]
    [InlineData("a|=1", "a|'=1")]
    [InlineData("a\n=1", "a\n'=1")]
    [InlineData("a\r\n=1", "a\r'\n'=1")]
    [InlineData("a; =1", "a;' =1")]
    [InlineData("a;\"=1", "a;'\"=1")]
    [InlineData("a;\u200B\uFF1D1", "a;'\u200B\uFF1D1")]
    [InlineData("a;'=1", "a;''=1")]
    [InlineData("a;=1;=2", "a;'=1;'=2")]
    [InlineData("red, -blue", "red,' -blue")]
    public void Guard_FormulaBehindASeparator_HasAnApostrophe(string text, string guarded)
    {
        Assert.Equal(guarded, FormulaGuard.Guard(text));
        Assert.Equal(text, TakenBack(guarded));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a = b")]
    [InlineData("a - b, c + d")]
    [InlineData("mail@example.com; x")]
    [InlineData("it's")]
    [InlineData("'quoted'")]
    [InlineData("\u6771\u4EAC, \u5927\u962A")]
    [InlineData("a\nb")]
    [InlineData("\u200Bx")]
    public void Guard_OrdinaryText_StaysAsItIs(string text) => Assert.Equal(text, FormulaGuard.Guard(text));

    [Fact]
    public void Guard_ManyBlanks_TakesLinearWork()
    {
        var text = new string('\n', 200_000) + "=1";

        Assert.Equal(2 * 200_000 + 3, FormulaGuard.Guard(text).Length);
    }

    /// <summary>As the documentation says: one apostrophe away, where it stands before what is guarded.</summary>
    private static string TakenBack(string guarded) => Guarded().Replace(guarded, "");

    [GeneratedRegex("""(?:^|(?<=[,;|\t\r\n]))'(?=[\s\p{C}\p{M}"']*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\uFE66\u2212])|^'(?='*[\t\r\n])""")]
    private static partial Regex Guarded();
}
