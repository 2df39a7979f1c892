namespace Clipia.Emulator;

/// <summary>A prompt to start from. Parts in square brackets are for the reader to replace.</summary>
internal sealed record PromptTemplate(string Id, string Category, string Title, string Language, string Prompt, string Model);
