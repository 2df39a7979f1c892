using System.Text;

namespace ClipiaFlows.Planning;

/// <summary>A string of a planned input: literal text, in which <c>\${{</c> stands for <c>${{</c>, and references.</summary>
internal static class PlannedText
{
    private const string Open = "${{";
    private const string Escaped = "\\${{";

    public readonly record struct Part(string Text, OutputReference? Reference);

    public static string Escape(string literal) => literal.Replace(Open, Escaped, StringComparison.Ordinal);

    /// <summary>The text for people: without escapes, references as they are written.</summary>
    public static string Shown(string text) =>
        string.Concat(Split(text).Select(part => part.Reference?.ToString() ?? part.Text));

    public static List<Part> Split(string text)
    {
        var parts = new List<Part>();
        var literal = new StringBuilder();
        var at = 0;
        var close = 0;
        while (text.IndexOf(Open, at, StringComparison.Ordinal) is >= 0 and var open)
        {
            // Searched for once, however many references are not closed.
            if (close >= 0 && close <= open)
                close = text.IndexOf("}}", open, StringComparison.Ordinal);
            if (open > at && text[open - 1] == '\\')
            {
                literal.Append(text, at, open - 1 - at).Append(Open);
                at = open + Open.Length;
            }
            else if (close > 0 && !HasBraces(text, open, close) && OutputReference.Parse(text[open..(close + 2)]) is { } reference)
            {
                literal.Append(text, at, open - at);
                if (literal.Length > 0)
                    parts.Add(new(literal.ToString(), null));
                literal.Clear();
                parts.Add(new("", reference));
                at = close + 2;
            }
            else
            {
                literal.Append(text, at, open + Open.Length - at);
                at = open + Open.Length;
            }
        }

        literal.Append(text, at, text.Length - at);
        if (literal.Length > 0)
            parts.Add(new(literal.ToString(), null));
        return parts;
    }

    /// <summary>Braces before the closing ones make it no reference; seeing the first of them is enough.</summary>
    private static bool HasBraces(string text, int open, int close) =>
        text.AsSpan((open + Open.Length)..close).ContainsAny('{', '}');
}
