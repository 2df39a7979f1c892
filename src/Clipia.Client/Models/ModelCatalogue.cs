using System.Text.Json;

namespace Clipia;

/// <summary>Every model that the key may see, in the order of the answer.</summary>
/// <param name="Entries">Generation models and text models, mixed.</param>
public sealed record ModelCatalogue(IReadOnlyList<Model> Entries) : ClipiaAnswer
{
    /// <summary>Those that can be submitted to the queue.</summary>
    public IEnumerable<Model> Generation => Entries.Where(model => model.IsGeneration);

    /// <summary>The generation model of that slug, or null.</summary>
    public Model? Find(string slug) => Entries.FirstOrDefault(model => model.Slug == slug);

    internal static ModelCatalogue Read(Answer answer)
    {
        if (answer.Raw.Field("data") is not { ValueKind: JsonValueKind.Array } data)
            throw answer.Unreadable("has no data");

        return new([.. data.EnumerateArray().Select(entry => Model.Read(entry, answer.RateLimit)).OfType<Model>()])
        {
            Raw = answer.Raw,
            RateLimit = answer.RateLimit,
        };
    }
}
