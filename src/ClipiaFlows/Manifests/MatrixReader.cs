using System.Text.Json;
using System.Text.RegularExpressions;

namespace ClipiaFlows.Manifests;

/// <summary>Reads the variables over which jobs are repeated.</summary>
internal static partial class MatrixReader
{
    /// <summary>The fields of the matrix that are no variables.</summary>
    public static readonly string[] Rules = ["include", "exclude"];

    private const int MostEntries = 1000;

    public static ManifestMatrix Read(ObjectReader root, ProblemList problems)
    {
        var variables = new List<MatrixVariable>();
        if (root.Object("matrix") is not { } element)
            return new(variables, [], []);

        var pointer = root.At("matrix");
        var members = JsonMembers.Of(element, pointer, problems);
        foreach (var (name, value) in members.Where(member => !Rules.Contains(member.Key)))
        {
            var at = JsonPointer.Child(pointer, name);
            if (IsFree(name, at, problems))
                variables.Add(new(name, at, Values(value, at, problems)));
        }

        return new(variables, Entries("include"), Entries("exclude"));

        List<MatrixEntry> Entries(string rule) =>
            members.TryGetValue(rule, out var value) ? MatrixReader.Entries(value, JsonPointer.Child(pointer, rule), problems) : [];
    }

    private static List<MatrixEntry> Entries(JsonElement element, string pointer, ProblemList problems)
    {
        var entries = new List<MatrixEntry>();
        if (!ObjectReader.Is(element, JsonValueKind.Array, "an array of objects", pointer, problems))
            return entries;
        if (element.GetArrayLength() > MostEntries)
        {
            problems.Add(
                ProblemCodes.BadValue, pointer, $"{element.GetArrayLength()} entries", $"at most {MostEntries} entries",
                "There are too many entries.");
            return entries;
        }

        var index = 0;
        foreach (var entry in element.EnumerateArray())
        {
            if (Entry(entry, JsonPointer.Child(pointer, index++), problems) is { } read)
                entries.Add(read);
        }

        return entries;
    }

    private static MatrixEntry? Entry(JsonElement element, string pointer, ProblemList problems)
    {
        if (!ObjectReader.Is(element, JsonValueKind.Object, "an object of variables and their values", pointer, problems))
            return null;

        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var members = JsonMembers.Of(element, pointer, problems);
        foreach (var (name, value) in members)
        {
            var at = JsonPointer.Child(pointer, name);
            if (IsFree(name, at, problems) && IsValue(value, at, problems))
                values[name] = value;
        }

        if (members.Count == 0)
        {
            problems.Add(
                ProblemCodes.BadValue, pointer, "{}", "at least one variable with a value", "The entry names no variable.");
        }

        return values.Count == 0 || values.Count < members.Count ? null : new(pointer, values);
    }

    private static bool IsFree(string name, string pointer, ProblemList problems)
    {
        if (Variables.BuiltIn.Contains(name, StringComparer.OrdinalIgnoreCase) || Rules.Contains(name))
        {
            problems.Add(
                ProblemCodes.ReservedName, pointer, name, "another name for the matrix variable",
                $"'{name}' has a meaning of its own.", $"my-{name}");
            return false;
        }

        if (VariableName().IsMatch(name))
            return true;
        problems.Add(
            ProblemCodes.BadValue, pointer, Shown.Text(name),
            "a name of 1 to 40 letters, digits, _ and -, starting with a letter",
            $"'{Shown.Text(name)}' cannot be the name of a variable.");
        return false;
    }

    private static List<JsonElement> Values(JsonElement element, string pointer, ProblemList problems)
    {
        var values = new List<JsonElement>();
        if (!ObjectReader.Is(element, JsonValueKind.Array, "an array of strings, numbers and booleans", pointer, problems))
            return values;
        if (element.GetArrayLength() == 0)
        {
            problems.Add(
                ProblemCodes.BadValue, pointer, "[]", "at least one value",
                $"The variable '{JsonPointer.Last(pointer)}' has no values, so its jobs would not run at all.");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        var numbers = new HashSet<decimal>();
        var index = -1;
        foreach (var value in element.EnumerateArray())
        {
            var at = JsonPointer.Child(pointer, ++index);
            if (!IsValue(value, at, problems))
                continue;
            // As text they would be the same in an id; as numbers, 1 and 1.0 are the same to the schema and to whoever reads it.
            var isNew = seen.Add(Variables.Key(value))
                & (value.ValueKind is not JsonValueKind.Number || !value.TryGetDecimal(out var number) || numbers.Add(number));
            if (isNew)
                values.Add(value);
            else
            {
                problems.Add(
                    ProblemCodes.DuplicateValue, at, Shown.Json(value), "each value once",
                    $"The value stands twice in the variable '{JsonPointer.Last(pointer)}'.");
            }
        }

        return values;
    }

    private static bool IsValue(JsonElement value, string pointer, ProblemList problems)
    {
        if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null))
            return true;
        problems.Add(
            ProblemCodes.WrongType, pointer, Shown.Json(value), "a string, number or boolean",
            $"The value of a variable cannot be {Shown.Kind(value)}.");
        return false;
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_-]{0,39}\z")]
    private static partial Regex VariableName();
}

/// <summary>The matrix as written.</summary>
internal sealed record ManifestMatrix(
    List<MatrixVariable> Variables, List<MatrixEntry> Include, List<MatrixEntry> Exclude);
