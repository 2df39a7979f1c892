using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ClipiaFlows.Delivery;

/// <summary>How the product writes JSON for others: names in camelCase, states by name, text readable.</summary>
public static class ResultJson
{
    /// <summary>The options.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>One line of JSON Lines: the job's fields with those of its plan.</summary>
    internal static async Task WriteLineAsync(Stream to, ResultLine line, CancellationToken cancellation)
    {
        await JsonSerializer.SerializeAsync(to, Flat(line, Options), Options, cancellation);
        await to.WriteAsync("\n"u8.ToArray(), cancellation);
    }

    /// <summary>The job's fields with those of its plan in one object.</summary>
    internal static JsonObject Flat(ResultLine line, JsonSerializerOptions options)
    {
        var flat = JsonSerializer.SerializeToNode(line.Job, options)!.AsObject();
        flat["prompt"] = line.Prompt;
        flat["variables"] = JsonSerializer.SerializeToNode(line.Variables, options);
        return flat;
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new JsonStringEnumConverter() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
