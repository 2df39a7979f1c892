using System.Text.Json.Serialization;

namespace ClipiaFlows.Manifests;

/// <summary>Something in a manifest that can be run, and probably would waste credits.</summary>
/// <param name="Code">Stable code, one of <see cref="WarningCodes"/>.</param>
/// <param name="Pointer">Where: a JSON pointer (RFC 6901) into the manifest; empty for the whole of it.</param>
/// <param name="Value">The name or path that is questionable, at most 100 characters; never the text of an input.</param>
/// <param name="Message">One sentence for a person.</param>
/// <param name="Jobs">How many jobs it concerns.</param>
public sealed record ManifestWarning(string Code, string Pointer, string? Value, string Message, int Jobs)
{
    /// <summary>What was probably meant, when there is anything near.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Suggestion { get; init; }

    /// <summary>For JSON Lines: the line of <see cref="Pointer"/>, from 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Line { get; init; }
}

/// <summary>The stable codes of <see cref="ManifestWarning.Code"/>.</summary>
public static class WarningCodes
{
    /// <summary>An input that the job's model does not list.</summary>
    public const string UnknownInput = "unknown_input";

    /// <summary>An input of the defaults that the models of some jobs do not list.</summary>
    public const string DefaultNotTaken = "default_not_taken";

    /// <summary>An output path with an extension of files that the model does not make.</summary>
    public const string WrongExtension = "wrong_extension";

    /// <summary>More warnings than are listed.</summary>
    public const string TooManyWarnings = "too_many_warnings";
}
