using System.Text.Json;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>Holds a job's input against what its model takes. Fields that the model does not know are let through.</summary>
internal sealed class InputCheck(ProblemList problems, Nearest nearest)
{
    public void Check(Repetition job, JsonElement input, ModelDescription model)
    {
        foreach (var (name, field) in model.Input)
        {
            var written = job.Template.Input.Fields.FirstOrDefault(known => known.Name == name);
            if (written is { IsBroken: true })
                continue;
            if (written is not null && input.TryGetProperty(name, out var value))
                Check(written.Pointer, model.Slug, name, field, value);
            else if (field.Required)
            {
                problems.AddRepeated(
                    ProblemCodes.InputMissing, JsonPointer.Child($"{job.Template.Job.Pointer}/input", name), null,
                    field.Type ?? "a value", $"The model {model.Slug} needs the input '{name}'.");
            }
        }
    }

    private void Check(string pointer, string slug, string name, InputField field, JsonElement value)
    {
        if (!IsOfType(field.Type, value))
        {
            problems.AddRepeated(
                ProblemCodes.InputType, pointer, Shown.Json(value), field.Type!,
                $"The model {slug} takes the input '{name}' as {field.Type}; this is {Shown.Kind(value)}.",
                key: $"{pointer} {slug}");
            return;
        }

        if (IsReference(value))
            return;
        if (Objection(field, value) is { } expected)
        {
            problems.AddRepeated(
                ProblemCodes.InputValue, pointer, Shown.Json(value), expected,
                $"The model {slug} does not take this value for the input '{name}'.", () => Suggest(field, value),
                $"{pointer} {slug} {Shown.Json(value)}");
        }
    }

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
