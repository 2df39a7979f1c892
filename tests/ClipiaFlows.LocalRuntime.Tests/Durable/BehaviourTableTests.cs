using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

/// <summary>Holds docs/durable-behaviour.md to what is tested.</summary>
public sealed partial class BehaviourTableTests
{
    [Fact]
    public void Table_EveryRow_NamesATestThatExists()
    {
        var tests = typeof(BehaviourTableTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttribute<FactAttribute>(inherit: true) is { Skip: null })
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}")
            .ToHashSet();
        var rows = Rows();

        Assert.True(rows.Count > 40, "The table was not found.");
        Assert.All(rows, row => Assert.Matches(Cell(), row));
        Assert.Subset(tests, rows.Select(row => Cell().Match(row).Groups["test"].Value).ToHashSet());
    }

    private static List<string> Rows([CallerFilePath] string here = "") =>
    [
        .. File.ReadLines(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/durable-behaviour.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Skip(1),
    ];

    [GeneratedRegex(@"\| `(?<test>\w+\.\w+)` \|$")]
    private static partial Regex Cell();
}
