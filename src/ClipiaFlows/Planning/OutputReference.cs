using System.Text.Json;

namespace ClipiaFlows.Planning;

/// <summary>A place in another job's output, written <c>${{ jobs.&lt;id&gt;.output.images[0].url }}</c> in an input.</summary>
/// <param name="JobId">Id of the job, expanded.</param>
/// <param name="Path">What follows <c>output</c>, such as <c>.images[0].url</c>.</param>
public sealed record OutputReference(string JobId, string Path)
{
    /// <summary>Reads a reference, with or without its <c>${{ }}</c>; null when the text is none.</summary>
    /// <remarks>The id ends at the first <c>.output</c> that a path follows.</remarks>
    public static OutputReference? Parse(string text)
    {
        var body = text.StartsWith("${{", StringComparison.Ordinal) && text.EndsWith("}}", StringComparison.Ordinal)
            ? text[3..^2]
            : text;
        return ReferenceSyntax.Parse(body.Trim());
    }

    /// <summary>The references anywhere in a planned input, each once, in order.</summary>
    public static IReadOnlyList<OutputReference> In(JsonElement input)
    {
        var found = new List<OutputReference>();
        Collect(input, found);
        return found.Distinct().ToList();
    }

    /// <summary>
    /// Puts the outputs of other jobs in the place of the references of a planned input, and takes its escapes away.
    /// A string that is nothing but a reference becomes the value with its type; inside other text only strings,
    /// numbers and booleans can stand. Where <c>url</c> is asked for and the same object has an <c>original_url</c>,
    /// that is taken: it is the full quality. The same arguments give the same bytes.
    /// </summary>
    /// <param name="input">Input of a <see cref="PlannedJob"/>.</param>
    /// <param name="output">The <c>output</c> object of a job by its id; an undefined element when there is none.</param>
    public static ReferenceResolution Resolve(JsonElement input, Func<string, JsonElement> output) =>
        new ReferenceResolver(output).Resolve(input);

    /// <summary>As it is written in a planned input.</summary>
    public override string ToString() => $"${{{{ jobs.{JobId}.output{Path} }}}}";

    private static void Collect(JsonElement element, List<OutputReference> found)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                    Collect(member.Value, found);
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    Collect(item, found);
                break;
            case JsonValueKind.String:
                found.AddRange(PlannedText.Split(element.GetString()!).Select(part => part.Reference).OfType<OutputReference>());
                break;
        }
    }
}

/// <summary>What came of resolving an input.</summary>
/// <param name="Input">The input to send; undefined when it failed.</param>
/// <param name="Failure">What could not be found, in one sentence without any prompt; null when nothing failed.</param>
public sealed record ReferenceResolution(JsonElement Input, string? Failure);
