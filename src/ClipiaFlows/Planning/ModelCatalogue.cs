using System.Text.Json;

namespace ClipiaFlows.Planning;

/// <summary>What is known of the models that jobs may use. Slugs are found ignoring case.</summary>
public sealed class ModelCatalogue
{
    private readonly Dictionary<string, ModelDescription> _models = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A catalogue of these models; of two with the same slug the last counts.</summary>
    public ModelCatalogue(IEnumerable<ModelDescription> models)
    {
        foreach (var model in models)
            _models[model.Slug] = model;
    }

    /// <summary>Whether the API can fetch from private addresses, because it runs on this machine.</summary>
    public bool FetchesPrivateAddresses { get; init; }

    /// <summary>The slugs, in no order.</summary>
    public IReadOnlyCollection<string> Slugs => _models.Keys;

    /// <summary>The model with this slug, or null.</summary>
    public ModelDescription? Find(string slug) => _models.GetValueOrDefault(slug);
}

/// <summary>What planning needs to know of a model.</summary>
/// <param name="Slug">Its name in the API.</param>
/// <param name="Type">What it makes: <c>image</c>, <c>video</c>, or another word.</param>
/// <param name="Input">Its input fields by name; empty when its schema is not known, and then inputs are not checked.</param>
public sealed record ModelDescription(string Slug, string Type, IReadOnlyDictionary<string, InputField> Input);

/// <summary>What a model takes as one of its input fields. What is null or of an unknown type is not checked.</summary>
public sealed record InputField
{
    /// <summary><c>string</c>, <c>number</c>, <c>integer</c>, <c>boolean</c>, <c>array</c> or <c>object</c>.</summary>
    public string? Type { get; init; }

    /// <summary>What its texts are: <c>url</c> or <c>uri</c> for an address that the API fetches.</summary>
    public string? Format { get; init; }

    /// <summary>True when the field must be given; false for a required field with a default.</summary>
    public bool Required { get; init; }

    /// <summary>What the model takes when the field is not given; <c>null</c> when its schema does not say.</summary>
    public JsonElement? Default { get; init; }

    /// <summary>The strings and numbers allowed; strings ignore case.</summary>
    public IReadOnlyList<JsonElement>? Enum { get; init; }

    /// <summary>Least number allowed.</summary>
    public decimal? Minimum { get; init; }

    /// <summary>Greatest number allowed.</summary>
    public decimal? Maximum { get; init; }

    /// <summary>Most items of an array.</summary>
    public int? MaxItems { get; init; }
}
