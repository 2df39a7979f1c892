using System.Text.Json;

namespace Clipia;

/// <summary>
/// One entry of the catalogue: a generation model, which has a slug, or a text model of the LLM gateway, which has none.
/// </summary>
/// <param name="Slug">What <see cref="QueueClient"/> takes; null for text models.</param>
/// <param name="Id">The slug, or the id of a text model.</param>
/// <param name="Type"><c>image</c>, <c>video</c> or newer; empty for text models.</param>
/// <param name="Name">For people.</param>
/// <param name="Capabilities">Such as <c>text-to-image</c>; empty when not told.</param>
public sealed record Model(string? Slug, string Id, string Type, string Name, IReadOnlyList<string> Capabilities) : ClipiaAnswer
{
    /// <summary>True for what can be submitted to the queue.</summary>
    public bool IsGeneration => Slug is not null;

    /// <summary>Prices of a generation model, read on demand; null for text models and when not told.</summary>
    public ModelPricing? Pricing => IsGeneration ? ModelPricing.Read(Raw.Object("pricing")) : null;

    /// <summary>Prices of a text model, read on demand; null for generation models and when not told.</summary>
    public TextPricing? TextPricing => IsGeneration ? null : global::Clipia.TextPricing.Read(Raw.Object("pricing"));

    /// <summary>
    /// Fields of the input by name, read on demand; null when not told, as in the list. A flat map, not JSON Schema.
    /// </summary>
    public IReadOnlyDictionary<string, InputField>? InputSchema => InputField.ReadAll(Raw.Object("input_schema"));

    internal static Model? Read(JsonElement json, RateLimit? rateLimit)
    {
        var slug = json.Text("slug");
        if ((slug ?? json.Text("id") ?? json.Text("canonical_slug")) is not { Length: > 0 } id)
            return null;

        return new Model(
            slug,
            id,
            json.Text("type") ?? "",
            json.Text("name") ?? id,
            ReadCapabilities(json))
        {
            Raw = json,
            RateLimit = rateLimit,
        };
    }

    // Vendor pages disagree on the name of this field.
    private static IReadOnlyList<string> ReadCapabilities(JsonElement json) =>
        [.. json.Items(json.Field("capabilities") is null ? "modalities" : "capabilities").Select(item => item.AsText()).OfType<string>()];
}
