namespace ClipiaFlows.Manifests;

/// <summary>Builds JSON pointers (RFC 6901).</summary>
/// <remarks>
/// Long names are shortened and long pointers end early, at what contains the place: a name of a megabyte is not repeated for
/// each of a hundred thousand values below it.
/// </remarks>
internal static class JsonPointer
{
    private const int MaxLength = 2_000;

    public static string Child(string pointer, string name) => pointer.Length > MaxLength
        ? pointer
        : $"{pointer}/{Shown.Text(name).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    public static string Child(string pointer, int index) => pointer.Length > MaxLength ? pointer : $"{pointer}/{index}";

    public static string Last(string pointer) =>
        pointer[(pointer.LastIndexOf('/') + 1)..]
            .Replace("~1", "/", StringComparison.Ordinal)
            .Replace("~0", "~", StringComparison.Ordinal);
}
