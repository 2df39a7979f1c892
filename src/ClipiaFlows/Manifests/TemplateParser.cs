using System.Text;
using ClipiaFlows.Planning;

namespace ClipiaFlows.Manifests;

/// <summary>
/// Takes the strings of one kind of field apart. <c>\{{</c> stands for <c>{{</c> and <c>\${{</c> for <c>${{</c>; braces
/// that open nothing stand for themselves.
/// </summary>
internal sealed class TemplateParser(
    IReadOnlyCollection<string> variables, bool allowsReferences, ProblemList problems, Nearest nearest)
{
    private readonly HashSet<string> _variables = new(variables, StringComparer.Ordinal);
    private TemplateParser? _ofJobIds;
    private string? _known;

    public Template Parse(string pointer, string source)
    {
        if (!source.Contains("{{", StringComparison.Ordinal))
            return new(pointer, source, source.Length == 0 ? [] : [new TemplatePart.Text(source)], IsBroken: false);

        var parts = new List<TemplatePart>();
        var literal = new StringBuilder();
        var broken = false;
        var at = 0;
        while (at < source.Length)
        {
            var rest = source.AsSpan(at);
            if (rest.StartsWith("\\{{") || rest.StartsWith("\\${{"))
            {
                var length = rest[1] == '$' ? 4 : 3;
                literal.Append(rest[1..length]);
                at += length;
            }
            else if (rest.StartsWith("{{") || rest.StartsWith("${{"))
            {
                var isReference = rest[0] == '$';
                var end = isReference ? EndOfReference(source, at + 3) : source.IndexOf("}}", at, StringComparison.Ordinal);
                var part = end < 0
                    ? Unclosed(pointer, source[at..])
                    : isReference
                        ? Reference(pointer, source[at..(end + 2)], literal)
                        : Variable(pointer, source[at..(end + 2)]);
                Flush(literal, parts);
                if (part is null)
                    broken = true;
                else
                    parts.Add(part);
                at = end < 0 ? source.Length : end + 2;
            }
            else
            {
                literal.Append(source[at]);
                at++;
            }
        }

        Flush(literal, parts);
        return new(pointer, source, parts, broken);
    }

    private static void Flush(StringBuilder literal, List<TemplatePart> parts)
    {
        if (literal.Length > 0)
            parts.Add(new TemplatePart.Text(literal.ToString()));
        literal.Clear();
    }

    private static int EndOfReference(string source, int at)
    {
        while (source.IndexOf("}}", at, StringComparison.Ordinal) is >= 0 and var close)
        {
            var open = source.IndexOf("{{", at, StringComparison.Ordinal);
            if (open < 0 || open > close)
                return close;
            at = close + 2;
        }

        return -1;
    }

    private TemplatePart.Variable? Variable(string pointer, string written)
    {
        var name = written[2..^2].Trim();
        if (_variables.Contains(name))
            return new(name);

        if (name.Length == 0 || name.AsSpan().ContainsAny("{} "))
        {
            problems.Add(
                ProblemCodes.BadTemplate, pointer, Shown.Text(written), "{{name}}, or \\{{ for the braces themselves",
                "The braces do not hold the name of a variable.");
        }
        else if (Manifests.Variables.BuiltIn.Contains(name))
        {
            problems.Add(
                ProblemCodes.UnknownVariable, pointer, Shown.Text(written), $"one of {Known}",
                $"The variable '{name}' is not available at this place.");
        }
        else
        {
            var near = nearest.To(name, _variables);
            problems.Add(
                ProblemCodes.UnknownVariable, pointer, Shown.Text(written), $"one of {Known}",
                $"There is no variable '{Shown.Text(name)}'.", near is null ? null : $"{{{{{near}}}}}");
        }

        return null;
    }

    private TemplatePart.Reference? Reference(string pointer, string written, StringBuilder before)
    {
        const string expected = "${{ jobs.<id>.output.images[0].url }} or ${{ jobs.<id>.output.video.url }}";
        if (!allowsReferences)
        {
            problems.Add(
                ProblemCodes.BadReference, pointer, Shown.Text(written), "text and {{variables}}",
                "Another job's output can stand in inputs only.");
            return null;
        }

        if (OutputReference.Parse(written) is not { } reference)
        {
            problems.Add(
                ProblemCodes.BadReference, pointer, Shown.Text(written), expected,
                "The reference to another job's output cannot be understood.");
            return null;
        }

        if (before.Length > 0 && before[^1] == '\\')
        {
            problems.Add(
                ProblemCodes.BadReference, pointer, Shown.Text(written), "no backslash directly before a reference",
                "A backslash directly before a reference would escape it.");
            return null;
        }

        var id = (_ofJobIds ??= new(variables, allowsReferences: false, problems, nearest)).Parse(pointer, reference.JobId);
        return id.IsBroken ? null : new(id, reference.Path);
    }

    private TemplatePart? Unclosed(string pointer, string written)
    {
        problems.Add(
            ProblemCodes.BadTemplate, pointer, Shown.Text(written[..Math.Min(written.Length, 40)]),
            "closing braces }}, or \\{{ for the braces themselves", "The braces that open here do not close.");
        return null;
    }

    private string Known => _known ??= string.Join(", ", _variables.Take(20));
}
