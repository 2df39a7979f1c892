namespace Clipia.Emulator;

/// <summary>What a model accepts under one name. A flat descriptor, not JSON Schema.</summary>
internal sealed record InputField(string Type)
{
    public bool? Required { get; init; }
    public IReadOnlyList<object>? Enum { get; init; }
    public object? Default { get; init; }
    public decimal? Minimum { get; init; }
    public decimal? Maximum { get; init; }
    public int? MaxItems { get; init; }
    public string? Description { get; init; }

    /// <summary>"url" asks for an absolute http or https address. Null: any text.</summary>
    public string? Format { get; init; }
}
