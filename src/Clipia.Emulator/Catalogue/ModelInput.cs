using System.Globalization;
using System.Text.Json;

namespace Clipia.Emulator;

/// <summary>
/// A model's input with the defaults of its schema filled in. What the schema does not name has been checked by nobody and
/// counts as absent. Meaningful once <see cref="InputCheck"/> has passed it.
/// </summary>
internal sealed class ModelInput(GenerationModel model, JsonElement input)
{
    public GenerationModel Model => model;

    public int ImageCount => model.IsImage && int.TryParse(Text("num_images"), CultureInfo.InvariantCulture, out var count) ? count : 1;

    public double DurationSeconds =>
        double.TryParse(Text("duration"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 8;

    /// <summary>The value in force as text, numbers without needless zeros; null when absent and without default.</summary>
    public string? Text(string field)
    {
        if (!model.InputSchema.TryGetValue(field, out var descriptor))
            return null;
        if (input.TryGetProperty(field, out var given) && given.ValueKind != JsonValueKind.Null)
            return Format(given);
        return descriptor.Default is { } value ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;
    }

    /// <summary>The first picture that the input refers to.</summary>
    public string? FirstImageUrl
    {
        get
        {
            if (Text("image_url") is { Length: > 0 } url)
                return url;
            return model.InputSchema.ContainsKey("image_urls") && input.TryGetProperty("image_urls", out var urls) && urls.ValueKind == JsonValueKind.Array && urls.GetArrayLength() > 0
                ? Format(urls[0])
                : null;
        }
    }

    public static string Format(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number when value.TryGetDecimal(out var number) => number.ToString("G29", CultureInfo.InvariantCulture),
        _ => value.GetRawText(),
    };
}
