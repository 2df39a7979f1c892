using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>
/// Reads what is excluded from the matrix. A variable or value that the matrix does not have is a mistake: the entry would
/// exclude nothing, and what was not to be made would be paid for.
/// </summary>
internal sealed class MatrixExclusion(IReadOnlyList<MatrixVariable> variables, ProblemList problems, Nearest nearest)
{
    private readonly Dictionary<string, int> _columns =
        variables.Index().ToDictionary(variable => variable.Item.Name, variable => variable.Index, StringComparer.Ordinal);

    private readonly Dictionary<string, int>?[] _values = new Dictionary<string, int>?[variables.Count];

    /// <summary>For each entry without mistakes, the values that an excluded combination has.</summary>
    public List<List<MatrixCell>> Read(IReadOnlyList<MatrixEntry> entries)
    {
        var read = new List<List<MatrixCell>>();
        foreach (var entry in entries)
        {
            var cells = entry.Values.Select(value => Find(entry, value.Key)).ToList();
            if (cells.TrueForAll(cell => cell is not null))
                read.Add(cells.ConvertAll(cell => cell!.Value));
        }

        return read;
    }

    private MatrixCell? Find(MatrixEntry entry, string name)
    {
        var pointer = JsonPointer.Child(entry.Pointer, name);
        if (!_columns.TryGetValue(name, out var column))
        {
            problems.Add(
                ProblemCodes.UnknownVariable, pointer, Shown.Text(name), "a variable of the matrix",
                $"The matrix has no variable '{Shown.Text(name)}', so nothing is excluded.",
                nearest.To(name, variables.Select(variable => variable.Name)));
            return null;
        }

        var text = Variables.Text(entry.Values[name]);
        var values = _values[column] ??= variables[column].Values.Index()
            .ToDictionary(value => Variables.Key(value.Item), value => value.Index, StringComparer.Ordinal);
        if (values.TryGetValue(Variables.Key(entry.Values[name]), out var value))
            return new(column, value);
        problems.Add(
            ProblemCodes.BadValue, pointer, Shown.Text(text), $"a value of the variable '{name}'",
            $"The variable '{name}' has no such value, so nothing is excluded.", nearest.To(text, values.Keys));
        return null;
    }
}
