using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>
/// Reads what is excluded from the matrix. A variable or value that the matrix does not have is a mistake: the entry would
/// exclude nothing, and what was not to be made would be paid for.
/// </summary>
internal sealed class MatrixExclusion(IReadOnlyList<MatrixVariable> variables, ProblemList problems, Nearest nearest)
{
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
        var column = variables.Index().Where(variable => variable.Item.Name == name).Select(variable => variable.Index).FirstOrDefault(-1);
        if (column < 0)
        {
            problems.Add(
                ProblemCodes.UnknownVariable, pointer, Shown.Text(name), "a variable of the matrix",
                $"The matrix has no variable '{Shown.Text(name)}', so nothing is excluded.",
                nearest.To(name, variables.Select(variable => variable.Name)));
            return null;
        }

        var text = Variables.Text(entry.Values[name]);
        var values = variables[column].Values.Select(Variables.Key).ToList();
        if (values.IndexOf(Variables.Key(entry.Values[name])) is >= 0 and var value)
            return new(column, value);
        problems.Add(
            ProblemCodes.BadValue, pointer, Shown.Text(text), $"a value of the variable '{name}'",
            $"The variable '{name}' has no such value, so nothing is excluded.", nearest.To(text, values));
        return null;
    }
}
