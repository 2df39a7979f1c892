namespace Clipia;

/// <summary>Every model that the key may see, in the order of the answer.</summary>
/// <param name="Entries">Generation models and text models, mixed.</param>
public sealed record ModelCatalogue(IReadOnlyList<Model> Entries) : ClipiaAnswer
{
    /// <summary>Those that can be submitted to the queue.</summary>
    public IEnumerable<Model> Generation => Entries.Where(model => model.IsGeneration);

    /// <summary>The generation model of that slug, or null.</summary>
    public Model? Find(string slug) => Entries.FirstOrDefault(model => model.Slug == slug);

    internal static ModelCatalogue Read(Answer answer) =>
        new([.. answer.Raw.Items("data").Where(entry => entry.IsObject()).Select(entry => Model.Read(entry, answer.RateLimit))])
        {
            Raw = answer.Raw,
            RateLimit = answer.RateLimit,
        };
}
