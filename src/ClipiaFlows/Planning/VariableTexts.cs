using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>
/// The values of matrix variables as text and as parts of names, made once: a value of many kilobytes may be named by a
/// hundred thousand jobs.
/// </summary>
internal sealed class VariableTexts
{
    private readonly Dictionary<MatrixVariable, (string Text, string Slug)[]> _all = new(ReferenceEqualityComparer.Instance);

    public string Text(MatrixVariable variable, int value) => Of(variable)[value].Text;

    public string Slug(MatrixVariable variable, int value) => Of(variable)[value].Slug;

    private (string Text, string Slug)[] Of(MatrixVariable variable)
    {
        if (_all.TryGetValue(variable, out var texts))
            return texts;
        texts = [.. variable.Values.Select(value => Variables.Text(value)).Select(text => (text, Manifests.Slug.Of(text)))];
        _all.Add(variable, texts);
        return texts;
    }
}
