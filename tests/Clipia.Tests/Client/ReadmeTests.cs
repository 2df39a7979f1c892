using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Clipia.Tests.Client;

public sealed partial class ReadmeTests
{
    [Fact]
    public void Examples_InTheReadme_AreThoseThatCompile()
    {
        var tests = Path.GetDirectoryName(ThisFile())!;
        var readme = File.ReadAllText(Path.Combine(tests, "../../../src/Clipia.Client/README.md"));
        var compiled = Marked().Matches(File.ReadAllText(Path.Combine(tests, "ReadmeExamples.cs")))
            .Select(match => Outdent(match.Groups["code"].Value));

        var shown = Fenced().Matches(readme).Select(match => match.Groups["code"].Value.Trim());

        Assert.Equal(compiled.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    private static string Outdent(string code) => Indent().Replace(code, "").Trim();

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"// <(?<name>\w+)>\n(?<code>.*?)\n *// </\k<name>>", RegexOptions.Singleline)]
    private static partial Regex Marked();

    [GeneratedRegex(@"```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex(@"^ {8}", RegexOptions.Multiline)]
    private static partial Regex Indent();
}
