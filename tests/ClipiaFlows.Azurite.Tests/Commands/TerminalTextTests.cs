using ClipiaFlows.Cli;
using Spectre.Console;

namespace ClipiaFlows.Azurite.Tests.Commands;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("a\u001b[31m\u001b]0;x\u0007b", "a\\u001b[31m\\u001b]0;x\\u0007b")]
    [InlineData("a\rb\bc\u007f", "a\\u000db\\u0008c\\u007f")]
    [InlineData("a\u009b2Jb\u0085", "a\\u009b2Jb\\u0085")]
    [InlineData("a\u202eb\u2028c\u200bd\ufeff", "a\\u202eb\\u2028c\\u200bd\\ufeff")]
    [InlineData("a\nb\r\nc\td", "a b c d")]
    [InlineData("\U0001F468\u200D\U0001F469 \u6771\u4EAC Z\u00FCrich", "\U0001F468\u200D\U0001F469 \u6771\u4EAC Z\u00FCrich")]
    public void OnOneLine_Text_ShowsWhatWouldControlTheTerminal(string text, string expected) =>
        Assert.Equal(expected, TerminalText.OnOneLine(text));

    [Fact]
    public void OnOneLine_LoneSurrogate_IsShown() => Assert.Equal("a\\ud83db", TerminalText.OnOneLine("a\uD83Db"));

    [Fact]
    public void Visible_Drawing_HasNoControlCharacters()
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });

        console.Write(Terminal.Visible(new Text("fox\u001b[2J")));

        Assert.Contains("fox\\u001b[2J", text.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text.ToString());
    }
}
