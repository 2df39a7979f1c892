using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClipiaFlows.Planning;

/// <summary>One job of a plan, as it stands in one line of <c>plans/{batch}.jsonl</c>.</summary>
public sealed record PlannedJob
{
    /// <summary>How much longer than an image a video usually takes (clipia-api.md section 3.9: seconds against minutes).</summary>
    public const int WeightOfVideo = 3;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Number of the job in its batch, from 0, in the order written.</summary>
    public required int N { get; init; }

    /// <summary>Id, unique in the batch also when case is ignored: 1 to 100 characters of <c>[A-Za-z0-9._-]</c>.</summary>
    public required string Id { get; init; }

    /// <summary>JSON pointer of the job in the manifest that it was expanded from.</summary>
    public required string Pointer { get; init; }

    /// <summary>Model slug, as the catalogue writes it.</summary>
    public required string Model { get; init; }

    /// <summary>What the model makes: <c>image</c>, <c>video</c>, or another word of the catalogue.</summary>
    public required string Kind { get; init; }

    /// <summary>
    /// Input object, expanded but for references to other jobs' outputs: always pass it through
    /// <see cref="OutputReference.Resolve"/> before it is sent, because that also takes away the escapes.
    /// </summary>
    public required JsonElement Input { get; init; }

    /// <summary>Numbers of the jobs that must have succeeded first, ascending.</summary>
    public required IReadOnlyList<int> Needs { get; init; }

    /// <summary>
    /// Numbers of the jobs that must have ended first, whatever became of them, ascending: with reuse, the equal job whose
    /// output this one may take.
    /// </summary>
    public IReadOnlyList<int> After { get; init; } = [];

    /// <summary>-100 to 100; the higher goes first.</summary>
    public required int Priority { get; init; }

    /// <summary>
    /// Length of the longest chain that starts with this job, itself included: a video counts <see cref="WeightOfVideo"/>,
    /// anything else 1. The higher goes first, so that nothing long is left for the end.
    /// </summary>
    public required int Weight { get; init; }

    /// <summary>Jobs that wait for this one directly, for whatever reason.</summary>
    public int Dependents { get; init; }

    /// <summary>The price that the plan was agreed to with; null when it is still to be asked.</summary>
    public decimal? Credits { get; init; }

    /// <summary>
    /// Path of the outputs below the batch's folder, valid and with at most <c>{{ext}}</c> and <c>{{output}}</c> left
    /// in it. Without <c>{{output}}</c>, further outputs have <c>-2</c>, <c>-3</c> … before the extension.
    /// </summary>
    public required string OutputPath { get; init; }

    /// <summary>The matrix variables that the job names and its values, as text.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>Which of its <c>count</c> repetitions this is, from 1.</summary>
    public required int Replica { get; init; }

    /// <summary>Reads one line of a plan back.</summary>
    /// <exception cref="JsonException">The bytes are not one planned job.</exception>
    public static PlannedJob Parse(ReadOnlyMemory<byte> line) =>
        JsonSerializer.Deserialize<PlannedJob>(line.Span, Options) ?? throw new JsonException("The line is null.");

    internal void WriteTo(Utf8JsonWriter writer) => JsonSerializer.Serialize(writer, this, Options);
}
