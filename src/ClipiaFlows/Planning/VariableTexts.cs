using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>
/// The values of matrix variables as text and as parts of names, made once: a value of many kilobytes may be named by a
/// hundred thousand jobs.
/// </summary>
internal sealed class VariableTexts
{
    private readonly Dictionary<MatrixVariable, Names[]> _all = new(ReferenceEqualityComparer.Instance);

    public string Text(MatrixVariable variable, int value) => Of(variable)[value].Text;

    /// <summary>Different for different values of a variable.</summary>
    public string IdPart(MatrixVariable variable, int value) => Of(variable)[value].IdPart;

    public string PathPart(MatrixVariable variable, int value) => Of(variable)[value].PathPart;

    private Names[] Of(MatrixVariable variable)
    {
        if (_all.TryGetValue(variable, out var texts))
            return texts;
        var values = variable.Values.Select(Variables.Text).ToList();
        texts = [.. values.Zip(Slug.DistinctIds(values), (text, id) => new Names(text, id, Slug.ForPath(text)))];
        _all.Add(variable, texts);
        return texts;
    }

    private readonly record struct Names(string Text, string IdPart, string PathPart);
}
