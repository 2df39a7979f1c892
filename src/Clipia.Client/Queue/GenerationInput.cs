using System.Text.Json;
using System.Text.Json.Serialization;

namespace Clipia;

/// <summary>
/// The fields that most models share. What a model takes is in <see cref="Model.InputSchema"/>; fields that have no property
/// here go into <see cref="More"/>. What is null is not sent. Converts to the JSON that every call takes.
/// </summary>
public sealed class GenerationInput
{
    /// <summary>What to generate.</summary>
    public string? Prompt { get; init; }

    /// <summary>What must not be in it.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>Such as <c>16:9</c>, <c>9:16</c> or <c>1:1</c>.</summary>
    public string? AspectRatio { get; init; }

    /// <summary><c>1K</c>, <c>2K</c>, <c>4K</c> for images; <c>480p</c>, <c>720p</c>, <c>1080p</c> for videos.</summary>
    public string? Resolution { get; init; }

    /// <summary>Images of one request, 1 to 4; each is paid for.</summary>
    public int? NumImages { get; init; }

    /// <summary>Length of a video in seconds, 4 to 15 as a rule.</summary>
    public int? Duration { get; init; }

    /// <summary>Makes a result repeatable where the model supports it.</summary>
    public long? Seed { get; init; }

    /// <summary>Whether a video has sound, where the model supports it.</summary>
    public bool? GenerateAudio { get; init; }

    /// <summary>A picture to start from, at an address that Clipia can fetch.</summary>
    public Uri? ImageUrl { get; init; }

    /// <summary>Several pictures to start from, 4 at most.</summary>
    public IReadOnlyList<Uri>? ImageUrls { get; init; }

    /// <summary>Fields that only some models know, by their names on the wire.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement> More { get; } = new Dictionary<string, JsonElement>();

    /// <summary>The input as the API takes it.</summary>
    public static implicit operator JsonElement(GenerationInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.ToJsonElement();
    }

    /// <summary>The input as the API takes it.</summary>
    public JsonElement ToJsonElement() => JsonSerializer.SerializeToElement(this, GenerationInputJson.Default.GenerationInput);

    /// <summary>Nothing of the input: prompts do not belong in logs.</summary>
    public override string ToString() => nameof(GenerationInput);
}

[JsonSerializable(typeof(GenerationInput))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
internal sealed partial class GenerationInputJson : JsonSerializerContext;
