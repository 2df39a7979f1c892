using System.Text.Json;
using System.Text.Json.Nodes;
using ClipiaFlows.Planning;

namespace ClipiaFlows.Production;

/// <summary>What of an input can change its price: everything but the fields that only say what is on the picture.</summary>
public static class PricedInput
{
    // Stands for an upstream output that does not exist yet; the estimate looks at its form only.
    private static readonly JsonElement PendingOutput = JsonDocument.Parse(
        """{"images":[{"url":"https://media.clipia.ai/works/pending.png"}],"video":{"url":"https://media.clipia.ai/works/pending.mp4"}}""")
        .RootElement;

    private static readonly HashSet<string> NeverPriced =
        new(StringComparer.Ordinal) { "prompt", "negative_prompt", "seed", "image_url", "image_urls" };

    /// <summary>Jobs with the same key cost the same, so that one estimate serves them all.</summary>
    public static string KeyOf(PlannedJob job)
    {
        var priced = job.Input.EnumerateObject()
            .Where(field => !NeverPriced.Contains(field.Name))
            .OrderBy(field => field.Name, StringComparer.Ordinal)
            .Select(field => $"{field.Name}={field.Value.GetRawText()}");
        var given = job.Input.EnumerateObject()
            .Where(field => NeverPriced.Contains(field.Name))
            .Select(field => field.Name)
            .Order(StringComparer.Ordinal);
        return $"{job.Model}|{string.Join('|', priced)}|{string.Join(',', given)}";
    }

    /// <summary>The input with something in the place of outputs that do not exist yet.</summary>
    public static JsonElement ForEstimate(PlannedJob job)
    {
        var resolved = OutputReference.Resolve(job.Input, _ => PendingOutput);
        if (resolved.Failure is null)
            return resolved.Input;

        // A reference to a place that only this output has: any address will do.
        var input = JsonNode.Parse(job.Input.GetRawText())!.AsObject();
        foreach (var (name, value) in input.ToList())
        {
            if (value is JsonValue text && text.GetValueKind() is JsonValueKind.String && value.GetValue<string>().Contains("${{", StringComparison.Ordinal))
                input[name] = "https://media.clipia.ai/works/pending.png";
        }

        return JsonSerializer.SerializeToElement(input);
    }
}
