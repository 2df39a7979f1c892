using System.Text.Json;

namespace Clipia.Emulator;

/// <summary>Says what is wrong with an input, naming the field; null when the model accepts it.</summary>
internal static class InputCheck
{
    public static string? Problem(GenerationModel model, JsonElement input, bool strict)
    {
        foreach (var (name, field) in model.InputSchema)
        {
            var present = input.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;
            if (!present && field.Required == true)
                return $"The field '{name}' is required.";
            if (present && Problem(field, value) is { } problem)
                return $"The field '{name}' {problem}.";
        }
        if (strict)
        {
            foreach (var property in input.EnumerateObject())
            {
                if (!model.InputSchema.ContainsKey(property.Name))
                    return $"The field '{property.Name}' is not known to this model.";
            }
        }
        return null;
    }

    private static string? Problem(InputField field, JsonElement value) => field.Type switch
    {
        "string" => value.ValueKind != JsonValueKind.String ? "must be a string" : TextProblem(field, value.GetString()!),
        "integer" => !IsWhole(value) ? "must be a whole number" : NumberProblem(field, value),
        "number" => value.ValueKind != JsonValueKind.Number ? "must be a number" : NumberProblem(field, value),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "must be true or false",
        "array" => ArrayProblem(field, value),
        _ => null,
    };

    private static string? TextProblem(InputField field, string text)
    {
        if (field.Required == true && string.IsNullOrWhiteSpace(text))
            return "must not be empty";
        if (field.Format == "url" && !IsWebAddress(text))
            return "must be an absolute http or https URL";
        if (field.Enum is { } allowed && !allowed.Any(value => text.Equals((string)value, StringComparison.OrdinalIgnoreCase)))
            return $"must be one of {string.Join(", ", allowed)}";
        return null;
    }

    private static string? NumberProblem(InputField field, JsonElement value)
    {
        if (!value.TryGetDecimal(out var number))
            return "is out of range";
        if (number < field.Minimum || number > field.Maximum)
            return $"must be between {field.Minimum} and {field.Maximum}";
        if (field.Enum is { } allowed && !allowed.Any(value => number == Convert.ToDecimal(value, null)))
            return $"must be one of {string.Join(", ", allowed)}";
        return null;
    }

    private static string? ArrayProblem(InputField field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
            return "must be an array";
        if (value.GetArrayLength() > field.MaxItems)
            return $"must have at most {field.MaxItems} items";
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || !IsWebAddress(item.GetString()!))
                return "must hold absolute http or https URLs";
        }
        return null;
    }

    private static bool IsWhole(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && number == decimal.Truncate(number);

    private static bool IsWebAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp);
}
