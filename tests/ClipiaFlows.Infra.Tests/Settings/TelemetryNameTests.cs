using System.Text.RegularExpressions;

namespace ClipiaFlows.Infra.Tests.Settings;

/// <summary>Alerts and workbook ask for what the app tells: a query for another name finds nothing, for ever.</summary>
public sealed class TelemetryNameTests
{
    private static readonly string Documented = File.ReadAllText(RepositoryFolder.Of("docs/telemetry.md"));

    [Theory]
    [InlineData("infra/modules/alerts.bicep")]
    [InlineData("infra/workbook.json")]
    public void Queries_NameWhatIsDocumented(string file) => Assert.Empty(Unknown(File.ReadAllText(RepositoryFolder.Of(file))));

    [Theory]
    [InlineData("AppMetrics | where Name == \"clipiaflows.job.oldest_ages\"", "clipiaflows.job.oldest_ages")]
    [InlineData("AppTraces | project toint(Properties.Suceeded)", "Suceeded")]
    public void Unknown_AMisspeltName_IsNamed(string query, string name) => Assert.Equal([name], Unknown(query));

    /// <summary>Who gets an alert looks its name up in the handbook.</summary>
    [Fact]
    public void Alerts_HaveTheirChapterInTheHandbook()
    {
        var alerts = Regex.Matches(File.ReadAllText(RepositoryFolder.Of("infra/modules/alerts.bicep")), @"^    name: '([\w-]+)'", RegexOptions.Multiline).Select(name => name.Groups[1].Value);
        var handbook = Regex.Matches(File.ReadAllText(RepositoryFolder.Of("docs/operations.md")), @"^### ([\w-]+)$", RegexOptions.Multiline).Select(name => name.Groups[1].Value);

        Assert.Equal(alerts, handbook);
    }

    private static IEnumerable<string> Unknown(string text) =>
        Regex.Matches(text, @"(?<=["" \\])(clipia(?:flows|\.client)\.[a-z_.]+)|Properties\.(\w+)")
            .Select(found => found.Groups[1].Success ? (found.Groups[1].Value, $"`{found.Groups[1].Value}`") : (found.Groups[2].Value, $"{{{found.Groups[2].Value}}}"))
            .Where(((string Name, string Written) found) => !Documented.Contains(found.Written, StringComparison.Ordinal))
            .Select(found => found.Item1)
            .Distinct();
}
