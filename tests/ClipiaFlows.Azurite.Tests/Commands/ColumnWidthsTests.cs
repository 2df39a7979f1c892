using ClipiaFlows.Cli;

namespace ClipiaFlows.Azurite.Tests.Commands;

public sealed class ColumnWidthsTests
{
    private static readonly string[] Columns = ["Job", "State", "#Credits", "Prompt"];
    private static readonly string[][] Rows =
    [
        ["still-bowl-front", "Succeeded", "4", new string('p', 300)],
        ["a", "CompletedWithFailures", "1,000", "short"],
    ];

    [Theory]
    [InlineData(160, "16 21 7 103")]
    [InlineData(60, "16 16 7 8")]
    [InlineData(52, "16 8 7 8")]
    [InlineData(51, "16 18 7")]
    [InlineData(40, "16 17")]
    [InlineData(24, "16")]
    [InlineData(20, "16")]
    [InlineData(19, "15")]
    [InlineData(10, "6")]
    [InlineData(1, "1")]
    public void Fit_Terminal_KeepsTheFirstColumnWholeAndNeverPassesTheEdge(int screen, string expected)
    {
        var widths = ColumnWidths.Fit(Columns, Rows, screen);

        Assert.Equal(expected, string.Join(' ', widths));
        Assert.True(screen < 5 || widths.Sum(width => width + 3) + 1 <= screen);
    }

    [Fact]
    public void Fit_WideCharacters_CountTwice() => Assert.Equal([4], ColumnWidths.Fit(["J"], [["\u732B\u732B"]], 80));

    [Theory]
    [InlineData("plain", 5, "plain")]
    [InlineData("plainly", 5, "plai…")]
    [InlineData("\u732B\u732B\u732B", 5, "\u732B\u732B…")]
    [InlineData("\u732B\u732B\u732B", 4, "\u732B…")]
    [InlineData("\U0001F98A\U0001F98A", 3, "\U0001F98A…")]
    public void Cut_Text_FitsAndSplitsNoCharacter(string text, int width, string expected) =>
        Assert.Equal(expected, ColumnWidths.Cut(text, width));

    [Fact]
    public void OnOneLine_TextThatSteersTheTerminal_DoesNot() =>
        Assert.Equal("a [31m ]0;x  b c", Output.OnOneLine("a\u001b[31m\u001b]0;x\u0007\u202eb\nc"));
}
