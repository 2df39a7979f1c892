using System.Text.Json.Serialization;

namespace Clipia.Emulator;

/// <summary>A generation model as the catalogue shows it.</summary>
internal sealed record GenerationModel(
    string Slug, string Type, string Name, IReadOnlyList<string> Capabilities, Pricing Pricing)
{
    public const string Image = "image";
    public const string Video = "video";

    /// <summary>Unix time that every entry of the catalogue shows: 2026-01-01.</summary>
    public const long CatalogueDate = 1_767_225_600;

    public string Id => Slug;
    public string Object { get; } = "model";
    public long Created { get; } = CatalogueDate;
    public string OwnedBy { get; } = "clipia";

    /// <summary>Shown by the detail route only.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, InputField> InputSchema { get; init; } = new Dictionary<string, InputField>();

    [JsonIgnore]
    public bool IsImage => Type == Image;
}
