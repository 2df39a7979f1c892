namespace ClipiaFlows.Planning;

/// <summary>
/// Parses <c>jobs.&lt;id&gt;.output&lt;path&gt;</c>, where the path is steps such as <c>.url</c> and <c>[0]</c>, and the id is text
/// without braces except those of <c>{{variables}}</c>. The id ends at the first <c>.output</c> that a path follows.
/// </summary>
/// <remarks>
/// In linear time, which a regular expression with a lazy id is not: it tries every <c>.output</c> of a long text to its end.
/// </remarks>
internal static class ReferenceSyntax
{
    private const string Start = "jobs.";
    private const string Output = ".output";
    private const int MaxIndexDigits = 4;

    public static OutputReference? Parse(string text)
    {
        if (!text.StartsWith(Start, StringComparison.Ordinal))
            return null;
        var firstStep = FirstStep(text);
        for (var at = Math.Max(Start.Length + 1, firstStep - Output.Length);
             at + Output.Length < text.Length && text.IndexOf(Output, at, StringComparison.Ordinal) is >= 0 and var found;
             at = found + 1)
        {
            var path = found + Output.Length;
            if (path < text.Length && text[path] is '.' or '[')
                return IsId(text.AsSpan(Start.Length, found - Start.Length)) ? new(text[Start.Length..found], text[path..]) : null;
        }

        return null;
    }

    /// <summary>Where the steps begin that the text ends with; its length when it ends with none.</summary>
    private static int FirstStep(string text)
    {
        var end = text.Length;
        while (end > 0 && text.AsSpan(0, end).LastIndexOfAny('.', '[') is >= 0 and var start && IsStep(text.AsSpan(start, end - start)))
            end = start;
        return end;
    }

    private static bool IsStep(ReadOnlySpan<char> step)
    {
        if (step[0] == '[')
        {
            return step.Length is >= 3 and <= MaxIndexDigits + 2 && step[^1] == ']' && !step[1..^1].ContainsAnyExceptInRange('0', '9');
        }

        if (step.Length < 2 || !(char.IsAsciiLetter(step[1]) || step[1] == '_'))
            return false;
        foreach (var character in step[2..])
        {
            if (!(char.IsAsciiLetterOrDigit(character) || character is '_' or '-'))
                return false;
        }

        return true;
    }

    private static bool IsId(ReadOnlySpan<char> id)
    {
        while (id.IndexOfAny('{', '}') is >= 0 and var open)
        {
            id = id[open..];
            if (!id.StartsWith("{{"))
                return false;
            id = id[2..];
            if (id.IndexOfAny('{', '}') is not (>= 0 and var close) || !id[close..].StartsWith("}}"))
                return false;
            id = id[(close + 2)..];
        }

        return true;
    }
}
