using System.Text.RegularExpressions;

namespace ClipiaFlows.Infra.Tests.Bicep;

/// <summary>The templates keep to the syntax that older parsers know too.</summary>
public sealed class SyntaxTests
{
    private static readonly (string Name, Regex Pattern)[] Refused =
    [
        ("safe access", new(@"\.\?|\[\?")),
        ("postfix !", new(@"[\w)\]]!(?!=)")),
        ("spread", new(@"\.\.\.")),
        ("import, using or extension", new(@"^\s*(import|using|extension|provider)\b", RegexOptions.Multiline)),
        ("user-defined type", new(@"^\s*(@export\(\)\s*)?type\s+\w+\s*=", RegexOptions.Multiline)),
        ("user-defined function", new(@"^\s*func\s+\w+\s*\(", RegexOptions.Multiline)),
    ];

    [Fact]
    public void Templates_UseNothingRefused() => Assert.Empty(Templates.Files.SelectMany(file => Find(File.ReadAllText(file))));

    [Theory]
    [InlineData("safe access", "output a string = scheduler.?outputs.?name")]
    [InlineData("postfix !", "output a string = scheduler!.outputs.name")]
    [InlineData("spread", "var a = { ...b }")]
    [InlineData("import, using or extension", "using 'main.bicep'")]
    [InlineData("user-defined type", "type a = { b: string }")]
    [InlineData("user-defined function", "func a(b string) string => b")]
    public void Find_RefusedSyntax_NamesIt(string name, string template) => Assert.Contains(name, Find(template));

    [Fact]
    public void Find_NegationAndComparison_FindsNothing() => Assert.Empty(Find("var a = !empty(b) && c != d // wait!\nvar e = 'not!'"));

    private static IEnumerable<string> Find(string template)
    {
        // Texts and comments may say what they like.
        var code = Regex.Replace(template, @"'''.*?'''|'(\\.|[^'\\\n])*'|//[^\n]*|/\*.*?\*/", "", RegexOptions.Singleline);
        return from refused in Refused where refused.Pattern.IsMatch(code) select refused.Name;
    }
}
