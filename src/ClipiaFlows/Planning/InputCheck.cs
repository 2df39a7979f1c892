using System.Text.Json;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>Holds a job's input against what its model takes. Inputs that the model does not list are warned of.</summary>
/// <param name="problems">Takes what is wrong.</param>
/// <param name="unlisted">Takes the inputs that the model does not list.</param>
/// <param name="nearest">Finds what was meant.</param>
/// <param name="allowsPrivate">Whether the API can fetch from private networks.</param>
internal sealed class InputCheck(ProblemList problems, UnlistedInputs unlisted, Nearest nearest, bool allowsPrivate)
{
    public void Check(Repetition job, JsonElement input, ModelDescription model)
    {
        // The input has been written from the template: the same fields in the same order.
        foreach (var (written, member) in job.Template.Input.Fields.Zip(input.EnumerateObject()))
        {
            if (written.IsBroken)
                continue;
            var field = model.Input.GetValueOrDefault(written.Name);
            if (model.Input.Count > 0)
                unlisted.Check(written, written.Pointer.StartsWith("/defaults/", StringComparison.Ordinal), model);
            if (field is null || Check(written.Pointer, model.Slug, written.Name, field, member.Value))
                CheckAddresses(written.Pointer, FetchedAddress.IsWanted(written.Name, field), member.Value);
        }

        foreach (var (name, field) in model.Input)
        {
            if (field.Required && !input.TryGetProperty(name, out _))
            {
                problems.AddRepeated(
                    ProblemCodes.InputMissing, JsonPointer.Child($"{job.Template.Job.Pointer}/input", name), null,
                    field.Type is { } type ? KindOf(type) : "a value", $"The model {model.Slug} needs the input '{name}'.");
            }
        }
    }

    /// <returns>Whether nothing is wrong with it so far.</returns>
    private bool Check(string pointer, string slug, string name, InputField field, JsonElement value)
    {
        if (!IsOfType(field.Type, value))
        {
            problems.AddRepeated(
                ProblemCodes.InputType, pointer, Shown.Json(value), KindOf(field.Type!),
                $"The model {slug} does not take {Shown.Kind(value)} for the input '{name}'.",
                key: $"{pointer} {slug}");
            return false;
        }

        if (IsReference(value))
            return true;
        if (field.Required && IsEmpty(value))
        {
            problems.AddRepeated(
                ProblemCodes.InputEmpty, pointer, "", "text that is not blank, or a list with items",
                $"The model {slug} needs the input '{name}', and it is empty.", key: $"{pointer} {slug}");
            return false;
        }

        if (Objection(field, value) is { } expected)
        {
            problems.AddRepeated(
                ProblemCodes.InputValue, pointer, Shown.Json(value), expected,
                $"The model {slug} does not take this value for the input '{name}'.", () => Suggest(field, value),
                $"{pointer} {slug} {Shown.Json(value)}");
            return false;
        }

        return true;
    }

    private void CheckAddresses(string pointer, bool isWanted, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String when isWanted:
                CheckAddress(() => pointer, value);
                break;
            case JsonValueKind.Array:
                foreach (var (index, item) in value.EnumerateArray().Index())
                {
                    // A pointer can be long, so it is made for few of many texts.
                    if (item.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
                        CheckAddresses(JsonPointer.Child(pointer, index), isWanted, item);
                    else if (item.ValueKind is JsonValueKind.String && isWanted)
                        CheckAddress(() => JsonPointer.Child(pointer, index), item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                    CheckAddresses(JsonPointer.Child(pointer, member.Name), FetchedAddress.IsWanted(member.Name, field: null), member.Value);
                break;
        }
    }

    private void CheckAddress(Func<string> pointer, JsonElement value)
    {
        if (FetchedAddress.Objection(value.GetString()!, allowsPrivate) is { } objection)
        {
            problems.AddRepeated(
                objection.Code, pointer(), Shown.Json(value), objection.Expected, $"'{Shown.Json(value)}' {objection.Reason}.");
        }
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => string.IsNullOrWhiteSpace(value.GetString()),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };

    private static string KindOf(string type) => type[0] is 'a' or 'i' or 'o' ? $"an {type}" : $"a {type}";

    private static bool IsOfType(string? type, JsonElement value) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && decimal.IsInteger(number),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => true,
    };

    private static bool IsReference(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && OutputReference.In(value).Count > 0;

    /// <summary>What is expected instead, or null when there is nothing to object.</summary>
    private static string? Objection(InputField field, JsonElement value)
    {
        if (field.Enum is { Count: > 0 } allowed && !allowed.Any(one => IsSame(one, value)))
            return $"one of {string.Join(", ", allowed.Select(Variables.Text))}";
        if (value.ValueKind == JsonValueKind.Number && !IsInRange(field, value))
        {
            return (field.Minimum, field.Maximum) switch
            {
                ({ } least, { } most) => $"{least} to {most}",
                ({ } least, null) => $"at least {least}",
                var (_, most) => $"at most {most}",
            };
        }

        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > field.MaxItems)
            return $"at most {field.MaxItems} items";
        return null;
    }

    private static bool IsInRange(InputField field, JsonElement value) =>
        value.TryGetDecimal(out var number)
            ? !(number < field.Minimum) && !(number > field.Maximum)
            : field is { Minimum: null, Maximum: null };

    private static bool IsSame(JsonElement allowed, JsonElement value)
    {
        if (allowed.ValueKind == JsonValueKind.Number && value.ValueKind == JsonValueKind.Number)
            return allowed.TryGetDecimal(out var left) && value.TryGetDecimal(out var right) && left == right;
        return allowed.ValueKind == value.ValueKind
            && string.Equals(Variables.Text(allowed), Variables.Text(value), StringComparison.OrdinalIgnoreCase);
    }

    private string? Suggest(InputField field, JsonElement value) =>
        field.Enum is { } allowed ? nearest.To(Variables.Text(value), allowed.Select(Variables.Text)) : null;
}
