using System.Text.Json.Serialization;

namespace ClipiaFlows.Manifests;

/// <summary>One thing that keeps a manifest from being accepted, told so that its author can mend it.</summary>
/// <param name="Pointer">Where: a JSON pointer (RFC 6901) into the manifest; empty for the whole of it.</param>
/// <param name="Value">What stands there, at most 100 characters; null when nothing stands there.</param>
/// <param name="Expected">What should stand there.</param>
/// <param name="Message">One sentence for a person.</param>
/// <param name="Suggestion">The nearest thing that would be accepted, when there is one.</param>
/// <param name="Code">Stable code, one of <see cref="ProblemCodes"/>.</param>
public sealed record ManifestProblem(
    string Pointer, string? Value, string Expected, string Message, string? Suggestion, string Code)
{
    /// <summary>How often it is in the manifest, counting the repetitions of jobs.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Some of its other places, in order; <see cref="Pointer"/> is the first of all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ProblemPlace>? Others { get; init; }

    /// <summary>For JSON Lines: the line that it stands in, from 1. Null for JSON, and for the manifest as a whole.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Line { get; init; }
}

/// <summary>Another place of a problem.</summary>
/// <param name="Pointer">Where: a JSON pointer (RFC 6901) into the manifest.</param>
/// <param name="Value">The value there, at most 100 characters; null when there is none.</param>
public sealed record ProblemPlace(string Pointer, string? Value);
