using System.Text;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>Puts values in the place of a template's variables, within the limit of growth.</summary>
internal static class TextExpansion
{
    /// <summary>Null, and a problem, when the result would be too long.</summary>
    public static string? Expand(
        Template template, Func<string, string> value, ProblemList problems,
        Func<TemplatePart.Reference, string>? reference = null)
    {
        if (template.Parts is [TemplatePart.Text { Value: var only }] && reference is null)
            return only;

        var text = new StringBuilder();
        var literal = new StringBuilder();
        foreach (var part in template.Parts)
        {
            if (part is TemplatePart.Reference to)
            {
                Flush();
                text.Append(reference!(to));
            }
            else
                literal.Append(part is TemplatePart.Variable variable ? value(variable.Name) : ((TemplatePart.Text)part).Value);

            if (text.Length + literal.Length <= ManifestLimits.MaxExpandedLength)
                continue;
            problems.AddRepeated(
                ProblemCodes.TooLarge, template.Pointer, null, $"at most {ManifestLimits.MaxExpandedLength} characters",
                "The text grows too long when its variables are put in.");
            return null;
        }

        Flush();
        return text.ToString();

        // Only where references can stand must literal text that looks like one be told apart.
        void Flush()
        {
            text.Append(reference is null ? literal.ToString() : PlannedText.Escape(literal.ToString()));
            literal.Clear();
        }
    }
}
