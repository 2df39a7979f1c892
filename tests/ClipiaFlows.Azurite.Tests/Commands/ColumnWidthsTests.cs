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
    [InlineData(52, "16 19 7 0")]
    [InlineData(51, "16 18 7 0")]
    [InlineData(40, "16 17 0 0")]
    [InlineData(24, "16 0 0 0")]
    [InlineData(20, "16 0 0 0")]
    [InlineData(19, "15 0 0 0")]
    [InlineData(10, "6 0 0 0")]
    [InlineData(1, "1 0 0 0")]
    public void Fit_Terminal_KeepsTheFirstColumnWholeAndNeverPassesTheEdge(int screen, string expected)
    {
        var widths = ColumnWidths.Fit(Columns, Rows, screen);

        Assert.Equal(expected, string.Join(' ', widths));
        Assert.True(screen < 5 || widths.Where(width => width > 0).Sum(width => width + 3) + 1 <= screen);
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
    public void Fit_LongIdOnANarrowTerminal_KeepsTheState()
    {
        var widths = ColumnWidths.Fit(["Batch", "Name", "State", "#Done"], [[new string('b', 40), "Spring", "Running", "3/14"]], 40);

        Assert.Equal("26 0 7 0", string.Join(' ', widths));
    }
}
