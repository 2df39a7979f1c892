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

    private static object Entry(string id, string name, int context, string prompt, string completion) => new
    {
        Id = id,
        CanonicalSlug = id,
        Object = "model",
        Name = name,
        Created = 1_767_225_600,
        OwnedBy = "clipia",
        Description = name,
        ContextLength = context,
        Architecture = new { Modality = "text->text", InputModalities = new[] { "text" }, OutputModalities = new[] { "text" }, Tokenizer = "Other" },
        Pricing = new { Prompt = prompt, Completion = completion },
        TopProvider = new { ContextLength = context, MaxCompletionTokens = 32_000, IsModerated = false },
        SupportedParameters = new[] { "max_tokens", "temperature", "tools" },
    };
}
