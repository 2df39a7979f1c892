using System.Text.Json;
using System.Text.RegularExpressions;

namespace ClipiaFlows.Manifests;

/// <summary>Reads the variables over which jobs are repeated.</summary>
internal static partial class MatrixReader
{
    public static List<MatrixVariable> Read(ObjectReader root, ProblemList problems)
    {
        var variables = new List<MatrixVariable>();
        if (root.Object("matrix") is not { } element)
            return variables;

        var matrix = root.At("matrix");
        foreach (var (name, value) in JsonMembers.Of(element, matrix, problems))
        {
            var pointer = JsonPointer.Child(matrix, name);
            if (NotYetSupported.Matrix.Contains(name))
                NotYetSupported.Refuse(problems, pointer, value);
            else if (IsFree(name, pointer, problems))
                variables.Add(new(name, pointer, Values(value, pointer, problems)));
        }

        return variables;
    }

    private static bool IsFree(string name, string pointer, ProblemList problems)
    {
        if (Variables.BuiltIn.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            problems.Add(
                ProblemCodes.ReservedName, pointer, name, "another name",
                $"'{name}' is a built-in variable; give the matrix variable another name.", $"my-{name}");
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
        var index = -1;
        foreach (var value in element.EnumerateArray())
        {
            var at = JsonPointer.Child(pointer, ++index);
            if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null)
            {
                problems.Add(
                    ProblemCodes.WrongType, at, Shown.Json(value), "a string, number or boolean",
                    $"A variable's values are strings, numbers and booleans; this is {Shown.Kind(value)}.");
            }
            else if (seen.Add(Variables.Text(value)))
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

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_-]{0,39}\z")]
    private static partial Regex VariableName();
}
