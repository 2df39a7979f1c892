using System.Text;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>Puts values in the place of a template's variables, within the limit of growth.</summary>
internal static class TextExpansion
{
    /// <summary>Null, and a problem, when the result would be too long.</summary>
    public static string? Expand(
        Template template, Func<string, string> value, ProblemList problems,
        Func<TemplatePart.Reference, string>? reference = null, int most = ManifestLimits.MaxExpandedLength)
    {
        if (template.Parts is [TemplatePart.Text { Value: var only }] && reference is null)
            return only;

        var text = new StringBuilder();
        var literal = new StringBuilder();
        foreach (var part in template.Parts)
        {
            var next = part switch
            {
                TemplatePart.Reference to => reference!(to),
                TemplatePart.Variable variable => value(variable.Name),
                _ => ((TemplatePart.Text)part).Value,
            };
            if (text.Length + literal.Length + next.Length <= most)
            {
                Take(part, next);
                continue;
            }

            problems.AddRepeated(
                ProblemCodes.TooLarge, template.Pointer, null, $"at most {most} characters",
                "The text grows too long when its variables are put in.");
            return null;
        }

        Flush();
        return text.ToString();

        void Take(TemplatePart part, string next)
        {
            if (part is not TemplatePart.Reference)
            {
                literal.Append(next);
                return;
            }

            Flush();
            text.Append(next);
        }

        // Only where references can stand must literal text that looks like one be told apart.
        void Flush()
        {
            text.Append(reference is null ? literal.ToString() : PlannedText.Escape(literal.ToString()));
            literal.Clear();
        }
    }
}
