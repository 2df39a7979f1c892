using System.Text.Json;
using System.Text.Json.Serialization;
using ClipiaFlows.Planning;
using ClipiaFlows.Status;

namespace ClipiaFlows.Delivery;

/// <summary>One line of the results: the finished job, and what it was made from.</summary>
/// <param name="Job">The job.</param>
/// <param name="Prompt">Its prompt as it was sent, where its input has one; what it takes from other jobs stands there as the reference.</param>
/// <param name="Variables">The matrix variables that made it.</param>
public sealed record ResultLine(
    [property: JsonIgnore] JobView Job,
    string? Prompt,
    IReadOnlyDictionary<string, string> Variables)
{
    /// <summary>A finished job and its plan.</summary>
    public static ResultLine Of(JobView job, PlannedJob planned) =>
        new(job, planned.Input.TryGetProperty("prompt", out var prompt) && prompt.ValueKind is JsonValueKind.String ? PlannedText.Shown(prompt.GetString()!) : null, planned.Variables);
}
