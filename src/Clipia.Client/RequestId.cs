namespace Clipia;

/// <summary>Names one accepted generation. Opaque text given by Clipia (a UUID today); compared character by character.</summary>
/// <param name="Value">The text as it came over the wire.</param>
public readonly record struct RequestId(string Value)
{
    /// <summary>The text as it came over the wire; empty for the default value.</summary>
    public override string ToString() => Value ?? "";
}
