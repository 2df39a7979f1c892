using System.Text.RegularExpressions;

namespace ClipiaFlows.Azurite.Tests.Telemetry;

/// <summary>The tables of docs/telemetry.md.</summary>
internal static partial class DocumentedMetrics
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(RepositoryFolder.Root, "docs", "telemetry.md"));

    /// <summary>Metrics: name, kind and unit.</summary>
    public static IReadOnlyList<(string Name, string Kind, string Unit)> Metrics { get; } =
        [.. Lines.Select(line => Metric().Match(line)).Where(row => row.Success)
            .Select(row => (row.Groups["name"].Value, row.Groups["kind"].Value, row.Groups["unit"].Value))];

    /// <summary>Spans: their names.</summary>
    public static IReadOnlyList<string> Spans { get; } =
        [.. Lines.Select(line => Span().Match(line)).Where(row => row.Success).Select(row => row.Groups["name"].Value)];

    [GeneratedRegex(@"^\| `(?<name>clipia[\w.]+)` \| (?<kind>counter|gauge|histogram) \| `(?<unit>[^`]+)` \|")]
    private static partial Regex Metric();

    [GeneratedRegex(@"^\| `(?<name>(batch|job|webhook|output|clipia)\.[\w-]+)` \| span \|")]
    private static partial Regex Span();
}
