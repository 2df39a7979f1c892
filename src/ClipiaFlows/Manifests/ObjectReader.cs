using System.Globalization;
using System.Text.Json;

namespace ClipiaFlows.Manifests;

/// <summary>Reads the fields of one object of a manifest; whatever is wrong becomes a problem and reads as null.</summary>
internal sealed class ObjectReader
{
    private readonly Dictionary<string, JsonElement> _members;
    private readonly string _pointer;
    private readonly ProblemList _problems;

    private ObjectReader(Dictionary<string, JsonElement> members, string pointer, ProblemList problems)
    {
        _members = members;
        _pointer = pointer;
        _problems = problems;
    }

    /// <summary>Null, and a problem, when the value is no object.</summary>
    public static ObjectReader? Open(
        JsonElement element, string pointer, string[] known, ProblemList problems, Nearest nearest)
    {
        if (!Is(element, JsonValueKind.Object, "an object", pointer, problems))
            return null;

        var members = JsonMembers.Of(element, pointer, problems);
        foreach (var name in members.Keys)
        {
            if (known.Contains(name))
                continue;
            problems.Add(
                ProblemCodes.UnknownField, JsonPointer.Child(pointer, name), Shown.Text(name),
                $"one of {string.Join(", ", known)}", $"There is no field '{Shown.Text(name)}' here.",
                nearest.To(name, known));
        }

        return new(members, pointer, problems);
    }

    public bool Has(string name) => _members.ContainsKey(name);

    public string At(string name) => JsonPointer.Child(_pointer, name);

    public JsonElement? Any(string name) => _members.TryGetValue(name, out var value) ? value : null;

    public JsonElement? Object(string name) => Of(name, JsonValueKind.Object, "an object");

    public JsonElement? Array(string name) => Of(name, JsonValueKind.Array, "an array");

    public string? Text(string name) => Of(name, JsonValueKind.String, "a string")?.GetString();

    /// <summary>Text that must be there and not be empty.</summary>
    public string? TextWithContent(string name)
    {
        var text = Text(name);
        if (text is not { Length: 0 })
            return text;
        _problems.Add(ProblemCodes.BadValue, At(name), "", "a string that is not empty", $"'{name}' is empty.");
        return null;
    }

    public int? Integer(string name, int least, int most)
    {
        if (Of(name, JsonValueKind.Number, "an integer") is not { } value)
            return null;
        // 2.0 and 2e0 are integers to JSON Schema as well.
        if (value.TryGetDecimal(out var number) && decimal.IsInteger(number) && number >= least && number <= most)
            return (int)number;

        var range = string.Create(CultureInfo.InvariantCulture, $"an integer from {least} to {most}");
        Refuse(name, value, range);
        return null;
    }

    /// <summary>A number above <paramref name="over"/>, or from it when <paramref name="orEqual"/>.</summary>
    public decimal? Number(string name, decimal over, bool orEqual, decimal most)
    {
        if (Of(name, JsonValueKind.Number, "a number") is not { } value)
            return null;
        if (value.TryGetDecimal(out var number) && (number > over || (orEqual && number == over)) && number <= most)
            return number;

        var range = string.Create(CultureInfo.InvariantCulture, $"a number {(orEqual ? "from" : "above")} {over} {(orEqual ? "to" : "and at most")} {most}");
        Refuse(name, value, range);
        return null;
    }

    /// <summary>One of a few words, as an enumeration that names them in the same order.</summary>
    public T? Choice<T>(string name, Nearest nearest)
        where T : struct, Enum
    {
        if (Text(name) is not { } written)
            return null;
        var words = Enum.GetNames<T>().Select(word => word.ToLowerInvariant()).ToArray();
        var at = System.Array.IndexOf(words, written);
        if (at >= 0)
            return Enum.GetValues<T>()[at];
        var expected = $"one of {string.Join(", ", words)}";
        _problems.Add(
            ProblemCodes.BadValue, At(name), Shown.Text(written), expected, $"'{name}' cannot have this value.",
            nearest.To(written, words));
        return null;
    }

    /// <summary>Text of a form that a parser knows.</summary>
    public T? Parsed<T>(string name, Func<string, T?> parse, string expected)
        where T : struct
    {
        if (Of(name, JsonValueKind.String, expected) is not { } value)
            return null;
        if (parse(value.GetString()!) is { } parsed)
            return parsed;
        Refuse(name, value, expected);
        return null;
    }

    /// <summary>False, and a problem, when it stands there and is anything but <c>true</c>.</summary>
    public bool True(string name)
    {
        if (Any(name) is not { } value)
            return false;
        if (value.ValueKind is JsonValueKind.True)
            return true;
        if (value.ValueKind is JsonValueKind.False)
            Refuse(name, value, "true, or nothing");
        else
            Is(value, JsonValueKind.True, "true", At(name), _problems);
        return false;
    }

    public void Refuse(string name, JsonElement value, string expected) =>
        _problems.Add(ProblemCodes.BadValue, At(name), Shown.Json(value), expected, $"'{name}' cannot have this value.");

    public void Missing(string name, string expected) =>
        _problems.Add(ProblemCodes.MissingField, At(name), null, expected, $"'{name}' is missing.");

    /// <summary>True when the value is of the kind; a problem otherwise.</summary>
    public static bool Is(JsonElement value, JsonValueKind kind, string expected, string pointer, ProblemList problems)
    {
        if (value.ValueKind == kind)
            return true;
        problems.Add(
            ProblemCodes.WrongType, pointer, Shown.Json(value), expected,
            $"A value of the wrong type: {Shown.Kind(value)}.");
        return false;
    }

    private JsonElement? Of(string name, JsonValueKind kind, string expected) =>
        Any(name) is { } value && Is(value, kind, expected, At(name), _problems) ? value : null;
}
