using System.Text.Json;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>
/// The combinations of the matrix: all of its variables' values, without those that <c>exclude</c> takes away, with those
/// that <c>include</c> adds or extends. A job is repeated for every different combination of the variables that it names,
/// as far as a combination has them all.
/// </summary>
internal sealed class MatrixTable
{
    private const int Missing = -1;

    // Null when nothing is included or excluded: the table is then never written out.
    private readonly List<int[]>? _rows;

    private readonly PlanningBudget _budget;
    private readonly Dictionary<MatrixVariable, int> _columns = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, IReadOnlyList<int[]>> _combinations = new(StringComparer.Ordinal);

    private MatrixTable(IReadOnlyList<MatrixVariable> variables, List<int[]>? rows, PlanningBudget budget)
    {
        Variables = variables;
        _rows = rows;
        _budget = budget;
        foreach (var (column, variable) in variables.Index())
            _columns.Add(variable, column);
    }

    /// <summary>The variables in the order written, then those that <c>include</c> brings, with all their values.</summary>
    public IReadOnlyList<MatrixVariable> Variables { get; }

    public static MatrixTable Of(Manifest manifest, ProblemList problems, Nearest nearest, PlanningBudget budget)
    {
        if (manifest.MatrixInclude.Count == 0 && manifest.MatrixExclude.Count == 0)
            return new(manifest.Matrix, null, budget);

        var exclude = new MatrixExclusion(manifest.Matrix, problems, nearest).Read(manifest.MatrixExclude);
        var columns = new MatrixColumns(manifest.Matrix, manifest.MatrixInclude);
        var size = manifest.Matrix.Aggregate(1L, (size, variable) =>
            Math.Min(size * variable.Values.Count, ManifestLimits.MaxCombinations + 1L));
        if (size > ManifestLimits.MaxCombinations)
        {
            problems.Add(
                ProblemCodes.TooLarge, "/matrix", null, $"at most {ManifestLimits.MaxCombinations} combinations",
                "The matrix has too many combinations for include and exclude.");
            return new(columns.Variables, null, budget);
        }

        var rows = manifest.Matrix.Count == 0 ? [] : Product(manifest.Matrix, columns.Variables.Count, (int)size);
        budget.Spend((long)rows.Count * columns.Variables.Count);
        Exclude(rows, exclude, budget);
        Include(rows, columns, manifest.MatrixInclude, manifest.Matrix.Count, budget);
        return new(columns.Variables, rows, budget);
    }

    /// <summary>The different combinations of some variables, as positions in their values; null when that is all there can be.</summary>
    public IReadOnlyList<int[]>? Of(MatrixVariable[] variables)
    {
        if (_rows is null || variables.Length == 0)
            return null;
        var columns = Array.ConvertAll(variables, variable => _columns[variable]);
        var key = string.Join(',', columns);
        if (_combinations.TryGetValue(key, out var known))
            return known;
        _budget.Spend((long)_rows.Count * columns.Length);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var combinations = new List<int[]>();
        foreach (var row in _rows)
        {
            var values = Array.ConvertAll(columns, column => row[column]);
            if (!values.Contains(Missing) && seen.Add(string.Join(',', values)))
                combinations.Add(values);
        }

        _combinations.Add(key, combinations);
        return combinations;
    }

    /// <summary>Entries with the same variables are looked up together, so that a thousand of them cost no more than one.</summary>
    private static void Exclude(List<int[]> rows, List<List<MatrixCell>> entries, PlanningBudget budget)
    {
        var groups = entries
            .Select(cells => cells.OrderBy(cell => cell.Column).ToArray())
            .GroupBy(cells => string.Join(',', cells.Select(cell => cell.Column)))
            .Select(group => (
                Columns: Array.ConvertAll(group.First(), cell => cell.Column),
                Excluded: group.Select(cells => string.Join(',', cells.Select(cell => cell.Value))).ToHashSet(StringComparer.Ordinal)))
            .ToList();
        rows.RemoveAll(row =>
        {
            foreach (var (columns, excluded) in groups)
            {
                budget.Spend(columns.Length);
                if (excluded.Contains(string.Join(',', columns.Select(column => row[column]))))
                    return true;
            }

            return false;
        });
    }

    private static List<int[]> Product(IReadOnlyList<MatrixVariable> variables, int width, int size)
    {
        var rows = new List<int[]>(size);
        for (var number = 0; number < size; number++)
        {
            var row = new int[width];
            Array.Fill(row, Missing);
            var rest = number;
            for (var i = variables.Count - 1; i >= 0; i--)
            {
                row[i] = rest % variables[i].Values.Count;
                rest /= variables[i].Values.Count;
            }

            rows.Add(row);
        }

        return rows;
    }

    /// <summary>
    /// An entry goes into every combination of the original matrix with which it agrees on the variables written there; an
    /// entry that goes nowhere is a combination of its own, which later entries do not touch.
    /// </summary>
    private static void Include(List<int[]> rows, MatrixColumns columns, IReadOnlyList<MatrixEntry> entries, int written, PlanningBudget budget)
    {
        var original = rows.ToArray();
        foreach (var cells in entries.Select(columns.Cells))
        {
            var fits = false;
            // Looking whether an entry fits is much quicker than other steps.
            budget.Spend((original.Length / 8) + 1);
            foreach (var row in original)
            {
                if (!cells.TrueForAll(cell => cell.Column >= written || row[cell.Column] == cell.Value))
                    continue;
                fits = true;
                foreach (var cell in cells)
                    row[cell.Column] = cell.Value;
            }

            if (fits)
                continue;
            var added = new int[columns.Variables.Count];
            Array.Fill(added, Missing);
            foreach (var cell in cells)
                added[cell.Column] = cell.Value;
            rows.Add(added);
        }
    }
}

/// <summary>A value of a variable, both by position.</summary>
internal readonly record struct MatrixCell(int Column, int Value);

/// <summary>The variables of a matrix with the values and variables that <c>include</c> brings.</summary>
internal sealed class MatrixColumns
{
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);
    private readonly List<Dictionary<string, int>> _values = [];

    public MatrixColumns(IReadOnlyList<MatrixVariable> written, IReadOnlyList<MatrixEntry> include)
    {
        var variables = written.Select(variable => (variable.Name, variable.Pointer, Values: variable.Values.ToList())).ToList();
        foreach (var variable in variables)
            Add(variable.Name, variable.Values);
        foreach (var (entry, name, value) in include.SelectMany(entry => entry.Values.Select(cell => (entry, cell.Key, cell.Value))))
        {
            if (!_columns.ContainsKey(name))
            {
                variables.Add((name, JsonPointer.Child(entry.Pointer, name), []));
                Add(name, []);
            }

            var column = _columns[name];
            if (_values[column].TryAdd(Manifests.Variables.Key(value), variables[column].Values.Count))
                variables[column].Values.Add(value);
        }

        Variables = variables.ConvertAll(variable => new MatrixVariable(variable.Name, variable.Pointer, variable.Values));
    }

    public IReadOnlyList<MatrixVariable> Variables { get; }

    public List<MatrixCell> Cells(MatrixEntry entry) => entry.Values
        .Select(cell => new MatrixCell(_columns[cell.Key], _values[_columns[cell.Key]][Manifests.Variables.Key(cell.Value)]))
        .ToList();

    private void Add(string name, List<JsonElement> values)
    {
        _columns.Add(name, _columns.Count);
        _values.Add(values.Index().ToDictionary(value => Manifests.Variables.Key(value.Item), value => value.Index));
    }
}
