using System.Text.Json;

namespace ClipiaFlows.Manifests;

/// <summary>The variables that every manifest has, and how values are written as text.</summary>
internal static class Variables
{
    public const string Batch = "batch";
    public const string Job = "job";
    public const string Index = "index";
    public const string Model = "model";
    public const string Date = "date";

    /// <summary>Extension of the file, without dot. In output paths only; known when the output is there.</summary>
    public const string Ext = "ext";

    /// <summary>Number of the output among its job's, from 1. In output paths only.</summary>
    public const string Output = "output";

    public static readonly string[] BuiltIn = [Batch, Job, Index, Model, Date, Ext, Output];

    public static string Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    /// <summary>By what values are the same: <c>é</c> in one character and in two are one value.</summary>
    public static string Key(JsonElement value) => NormalForm.Compose(Text(value));
}
