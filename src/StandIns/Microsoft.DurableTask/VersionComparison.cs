namespace Microsoft.DurableTask;

/// <summary>Orders orchestration versions: none first, then as .NET versions, else as text.</summary>
internal static class VersionComparison
{
    public static int Compare(string version, string other)
    {
        var missing = string.IsNullOrWhiteSpace(version);
        var otherMissing = string.IsNullOrWhiteSpace(other);
        if (missing || otherMissing) return otherMissing.CompareTo(missing);

        return Version.TryParse(version, out var left) && Version.TryParse(other, out var right)
            ? left.CompareTo(right)
            : string.Compare(version, other, StringComparison.OrdinalIgnoreCase);
    }
}
