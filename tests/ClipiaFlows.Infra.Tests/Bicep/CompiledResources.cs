using System.Text.Json.Nodes;

namespace ClipiaFlows.Infra.Tests.Bicep;

/// <summary>Walks what was compiled.</summary>
internal static class CompiledResources
{
    /// <summary>Every resource of a template and of the templates within it, with the template that declares it.</summary>
    public static IEnumerable<(JsonObject Resource, JsonObject Template)> Of(JsonObject template)
    {
        foreach (var resource in Listed(template["resources"]))
        {
            if (resource["existing"]?.GetValue<bool>() is true)
                continue;
            yield return (resource, template);
            if (resource["properties"] is JsonObject properties && properties["template"] is JsonObject nested)
            {
                foreach (var inner in Of(nested))
                    yield return inner;
            }
        }
    }

    public static string TypeOf(JsonObject resource) => resource["type"]!.GetValue<string>();

    // With symbolic names resources are an object, otherwise an array.
    public static IEnumerable<JsonObject> Listed(JsonNode? resources) => resources switch
    {
        JsonArray list => list.Select(item => item!.AsObject()),
        JsonObject named => named.Select(item => item.Value!.AsObject()),
        _ => [],
    };
}
