using System.Text.RegularExpressions;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests;

/// <summary>docs/failure-model.md names a test for every failure; the tests exist.</summary>
public sealed partial class FailureModelTests
{
    [Fact]
    public void Tests_NamedInTheTables_Exist()
    {
        var named = TestName().Matches(File.ReadAllText(RepositoryFolder.Of("docs/failure-model.md")));
        var sources = Directory.GetFiles(RepositoryFolder.Of("tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Where(path => !Made().IsMatch(path))
            .ToLookup(path => Path.GetFileNameWithoutExtension(path), File.ReadAllText);

        Assert.True(named.Count > 20, "The tables were not found.");
        Assert.Empty(
            from name in named
            where !sources[name.Groups["class"].Value].Any(text => text.Contains($" {name.Groups["method"].Value}(", StringComparison.Ordinal))
            select name.Value);
    }

    [GeneratedRegex("`(?<class>[A-Za-z]+Tests)\\.(?<method>\\w+)`")]
    private static partial Regex TestName();

    [GeneratedRegex("[\\\\/](obj|bin)[\\\\/]")]
    private static partial Regex Made();
}
