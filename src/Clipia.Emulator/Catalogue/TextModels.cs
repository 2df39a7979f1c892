using System.Text.Json.Serialization;

namespace Clipia.Emulator;

/// <summary>Entries of the text catalogue. They are listed beside the generation models; the gateway that runs them is not emulated.</summary>
internal static class TextModels
{
    public static IReadOnlyList<object> All { get; } =
    [
        Entry("gpt-5.6-sol", "GPT-5.6 Sol", 400_000, "0.00000125", "0.00001"),
        Entry("claude-opus-4-8", "Claude Opus 4.8", 200_000, "0.000005", "0.000025"),
        Entry("gpt-5.5", "GPT-5.5", 400_000, "0.00000125", "0.00001"),
        Entry("claude-sonnet-4-6", "Claude Sonnet 4.6", 200_000, "0.000003", "0.000015"),
    ];

    private static readonly string[] Ids = ["gpt-5.6-sol", "claude-opus-4-8", "gpt-5.5", "claude-sonnet-4-6"];

    public static object? Find(string id) => Array.IndexOf(Ids, id) is >= 0 and var index ? All[index] : null;

    private static TextModel Entry(string id, string name, int context, string prompt, string completion) => new(
        id, id, "model", name, GenerationModel.CatalogueDate, "clipia", name, context,
        new("text->text", ["text"], ["text"], "Other"),
        new(prompt, completion),
        new(context, 32_000, false),
        ["max_tokens", "temperature", "tools"],
        null);

    private sealed record TextModel(
        string Id,
        string CanonicalSlug,
        string Object,
        string Name,
        long Created,
        string OwnedBy,
        string Description,
        int ContextLength,
        Architecture Architecture,
        TokenPrices Pricing,
        TopProvider TopProvider,
        IReadOnlyList<string> SupportedParameters,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] object? PerRequestLimits);

    private sealed record Architecture(string Modality, IReadOnlyList<string> InputModalities, IReadOnlyList<string> OutputModalities, string Tokenizer);

    /// <summary>Decimal texts, per token.</summary>
    private sealed record TokenPrices(string Prompt, string Completion);

    private sealed record TopProvider(int ContextLength, int MaxCompletionTokens, bool IsModerated);
}
