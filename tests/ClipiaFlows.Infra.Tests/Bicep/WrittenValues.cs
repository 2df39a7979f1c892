using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ClipiaFlows.Infra.Tests.Bicep;

/// <summary>
/// The texts and switches that the templates write down. The compiler knows most sets of values as open ones and takes any
/// text for a member; <c>Values.approved.txt</c> says what each may be, of the services' reference pages.
/// </summary>
internal static partial class WrittenValues
{
    // Written by the templates as an expression, and so not by one of the values.
    private const string Computed = "(computed)";

    private static readonly string[] NotSettings = ["type", "apiVersion", "name", "location", "tags", "dependsOn", "copy", "condition", "scope", "properties.template"];

    /// <summary>What differs from the list: a value that is not in it, and what the list has and a resource has not.</summary>
    public static IReadOnlyList<string> Problems(JsonObject main, IEnumerable<string> approved)
    {
        var allowed = approved.Select(line => line.Split(" = ")).ToDictionary(line => line[0], line => line[1].Split(" | "), StringComparer.Ordinal);
        var problems = new List<string>();
        foreach (var (resource, template) in CompiledResources.Of(main).Where(found => !CompiledResources.TypeOf(found.Resource).StartsWith("Microsoft.Resources/", StringComparison.Ordinal)))
        {
            var type = CompiledResources.TypeOf(resource);
            var found = Of(resource, template).Select(value => (Place: $"{type} {value.Path}", value.Value)).ToList();
            problems.AddRange(found
                .Where(value => allowed.TryGetValue(value.Place, out var values) ? value.Value != Computed && !values.Contains(value.Value) : value.Value != Computed)
                .Select(value => $"{value.Place} = {value.Value}"));
            problems.AddRange(allowed.Keys
                .Where(place => place.StartsWith(type + " ", StringComparison.Ordinal) && found.All(value => value.Place != place))
                .Select(place => $"{place} is missing"));
        }

        return problems;
    }

    private static IEnumerable<(string Path, string Value)> Of(JsonObject resource, JsonObject template) =>
        resource.Where(member => !NotSettings.Contains(member.Key)).SelectMany(member => Of(member.Key, member.Value, template));

    private static IEnumerable<(string Path, string Value)> Of(string path, JsonNode? node, JsonObject template) => node switch
    {
        JsonObject members => members.SelectMany(member => Of($"{path}.{member.Key}", member.Value, template)),
        JsonArray items => items.SelectMany(item => Of(path + "[]", item, template)),
        JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => [(path, value.ToJsonString())],
        JsonValue value when value.GetValueKind() is JsonValueKind.String => OfText(path, value.GetValue<string>(), template),
        _ => [],
    };

    private static IEnumerable<(string Path, string Value)> OfText(string path, string text, JsonObject template)
    {
        if (!text.StartsWith('['))
            return [(path, text)];
        // Either of two texts, or a list that stands in a variable.
        if (EitherOr().Match(text) is { Success: true } choice)
            return [(path, choice.Groups[1].Value), (path, choice.Groups[2].Value)];
        if (ListOrNothing().Match(text) is { Success: true } list)
            return Of(path, template["variables"]![list.Groups[1].Value], template);
        return [(path, Computed)];
    }

    [GeneratedRegex(@"^\[if\(.*, '([^']*)', '([^']*)'\)\]$")]
    private static partial Regex EitherOr();

    [GeneratedRegex(@"^\[if\(.*, createArray\(\), variables\('(\w+)'\)\)\]$")]
    private static partial Regex ListOrNothing();
}
