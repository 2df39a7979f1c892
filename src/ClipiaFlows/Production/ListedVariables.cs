using ClipiaFlows.Stores;

namespace ClipiaFlows.Production;

/// <summary>
/// A job's variables as its row holds them, for lists: values that are long together are cut, since a transaction holds the rows of
/// many jobs. The plan holds them whole.
/// </summary>
internal static class ListedVariables
{
    private const int MaxLength = 4000;
    private static readonly int[] ValueLengths = [1000, 200, 40, 0];

    public static string? Write(IReadOnlyDictionary<string, string> variables)
    {
        if (variables.Count == 0)
            return null;
        if (StoredJson.Write(variables) is { Length: <= MaxLength } whole)
            return whole;
        return ValueLengths
            .Select(length => StoredJson.Write(variables.ToDictionary(one => one.Key, one => Cut(one.Value, length))))
            .FirstOrDefault(json => json.Length <= MaxLength);
    }

    private static string Cut(string value, int length) => value.Length <= length ? value : StoredText.Cut(value, length) + "…";
}
