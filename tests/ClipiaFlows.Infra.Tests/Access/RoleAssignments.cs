using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClipiaFlows.Infra.Tests.Bicep;

namespace ClipiaFlows.Infra.Tests.Access;

/// <summary>Who may touch what, read from what the templates compile to: one line an assignment.</summary>
internal static partial class RoleAssignments
{
    // Of learn.microsoft.com/azure/role-based-access-control/built-in-roles.
    private static readonly Dictionary<string, string> Roles = new()
    {
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"] = "Storage Blob Data Contributor",
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = "Storage Queue Data Contributor",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["4633458b-17de-408a-b874-0445c86b69e6"] = "Key Vault Secrets User",
        ["b86a8fe4-44ce-4948-aee5-eccb2c155cd7"] = "Key Vault Secrets Officer",
        ["d5a91429-5739-47e2-a06b-3470a27159e7"] = "EventGrid Data Sender",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
        ["0ad04412-c4d5-4796-b79c-f76d14c8d402"] = "Durable Task Data Contributor",
    };

    /// <summary>Lines of the form <c>principal | role | scope</c>, sorted; a condition stands behind the scope.</summary>
    public static IReadOnlyList<string> Of(JsonObject template) =>
        [.. CompiledResources.Of(template)
            .Where(found => CompiledResources.TypeOf(found.Resource) == "Microsoft.Authorization/roleAssignments")
            .Select(found => Line(found.Resource, found.Template))
            .Order(StringComparer.Ordinal)];

    private static string Line(JsonObject assignment, JsonObject template)
    {
        var properties = assignment["properties"]!;
        var principal = properties["principalId"]!.GetValue<string>() switch
        {
            var id when id.Contains("appIdentity", StringComparison.Ordinal) => "app",
            "[parameters('deployerPrincipalId')]" => "deployer",
            var other => other,
        };
        var role = RoleOf(properties["roleDefinitionId"]!.GetValue<string>(), template);
        var scope = assignment["scope"] is { } on ? ParameterName().Match(on.GetValue<string>()).Groups[1].Value : "the whole group";
        var condition = assignment["condition"] is { } only ? $" if {ParameterName().Match(only.GetValue<string>()).Groups[1].Value}" : "";
        return $"{principal} | {role} | {scope}{condition}";
    }

    /// <summary>Assignments whose name does not hold their own role.</summary>
    public static IReadOnlyList<string> Misnamed(JsonObject template) =>
        [.. from found in CompiledResources.Of(template)
            where CompiledResources.TypeOf(found.Resource) == "Microsoft.Authorization/roleAssignments"
            let role = Variable().Match(found.Resource["properties"]!["roleDefinitionId"]!.GetValue<string>()).Groups[2].Value
            let name = Variable().Match(found.Resource["name"]!.GetValue<string>()).Groups[2].Value
            where role != name
            select $"{role} is named after {name}"];

    private static string RoleOf(string definition, JsonObject template)
    {
        var id = Variable().Match(definition) is { Success: true } named
            ? template["variables"]![named.Groups[1].Value]![named.Groups[2].Value]!.GetValue<string>()
            : Guid().Match(definition).Value;
        return Roles.GetValueOrDefault(id, $"an unknown role {definition}");
    }

    [GeneratedRegex(@"parameters\('(\w+)'\)")]
    private static partial Regex ParameterName();

    [GeneratedRegex(@"variables\('(\w+)'\)\.(\w+)")]
    private static partial Regex Variable();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Guid();
}
