namespace ClipiaFlows.Manifests;

/// <summary>Builds JSON pointers (RFC 6901).</summary>
internal static class JsonPointer
{
    public static string Child(string pointer, string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    public static string Child(string pointer, int index) => $"{pointer}/{index}";

    public static string Last(string pointer) =>
        pointer[(pointer.LastIndexOf('/') + 1)..]
            .Replace("~1", "/", StringComparison.Ordinal)
            .Replace("~0", "~", StringComparison.Ordinal);
}
