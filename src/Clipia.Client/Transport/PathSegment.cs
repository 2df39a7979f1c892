namespace Clipia;

internal static class PathSegment
{
    /// <summary>One segment whatever the text holds: a slash inside a slug must not start another.</summary>
    public static string Encode(string text, string what = "model")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text, what);
        // Dots cannot be escaped: every URI parser, ours and the server's, would resolve them as "here" or "one up".
        if (text is "." or "..")
            throw new ArgumentException($"'{text}' cannot stand in a path.", what);
        return Uri.EscapeDataString(text);
    }
}
