using System.Globalization;
using System.Runtime.InteropServices;

namespace ClipiaFlows.Benchmarks;

/// <summary>Collects what was measured; of several runs it shows median, best and worst.</summary>
internal sealed class Report
{
    private readonly List<(string Name, string Unit, List<double> Values)> _rows = [];
    private readonly string _loadBefore = Load();

    /// <summary>What one group of measurements writes to; null when it was not asked for.</summary>
    public Report? Section(string name, string part) => name.Contains(part, StringComparison.OrdinalIgnoreCase) ? this : null;

    public void Add(string name, string unit, double value)
    {
        AddQuietly(name, unit, value);
        Console.Error.WriteLine($"{name}: {Text(value)} {unit}");
    }

    public void AddQuietly(string name, string unit, double value)
    {
        var row = _rows.Find(each => each.Name == name);
        if (row.Values is null) _rows.Add((name, unit, [value]));
        else row.Values.Add(value);
    }

    public void Print(int runs)
    {
        Console.WriteLine($"{runs} runs each. {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, "
            + $"{Environment.ProcessorCount} cores. Load average before {_loadBefore}, after {Load()}.");
        Console.WriteLine();
        Console.WriteLine("| What | Median | Best | Worst | Unit |");
        Console.WriteLine("|---|---:|---:|---:|---|");
        foreach (var (name, unit, values) in _rows)
        {
            values.Sort();
            var (best, worst) = unit.EndsWith("/s", StringComparison.Ordinal) ? (values[^1], values[0]) : (values[0], values[^1]);
            Console.WriteLine($"| {name} | {Text(values[values.Count / 2])} | {Text(best)} | {Text(worst)} | {unit} |");
        }
    }

    private static string Text(double value) =>
        value.ToString(value < 10 ? "0.00" : value < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture);

    private static string Load() =>
        File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "unknown";
}
