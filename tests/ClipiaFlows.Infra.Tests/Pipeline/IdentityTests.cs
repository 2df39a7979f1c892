using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ClipiaFlows.Infra.Tests.Pipeline;

/// <summary>The pipeline signs in as two identities, and neither may do more than its job needs.</summary>
public sealed partial class IdentityTests
{
    private static readonly string Handbook = File.ReadAllText(RepositoryFolder.Of("docs/operations.md"));

    [Fact]
    public void Condition_AllowsTheRolesOfTheTemplatesAndNoOther()
    {
        var granted = Guids(File.ReadAllText(RepositoryFolder.Of("infra/modules/access.bicep"))).ToHashSet();
        var condition = File.ReadAllText(RepositoryFolder.Of("infra/pipeline/role-assignments.condition"));

        var lists = List().Matches(condition);
        Assert.Equal(2, lists.Count);
        Assert.All(lists, list => Assert.Equal(granted.Order(), Guids(list.Value).Order()));
        Assert.Contains("roleAssignments/write", condition, StringComparison.Ordinal);
        Assert.Contains("roleAssignments/delete", condition, StringComparison.Ordinal);
    }

    [Fact]
    public void PreviewRole_CanChangeNothing() => Assert.All(
        Actions("preview-role.json"),
        action => Assert.True(action is "*/read" or "Microsoft.Resources/deployments/validate/action" or "Microsoft.Resources/deployments/whatIf/action", action));

    [Fact]
    public void DeploymentRole_GrantsNoRolesAndCreatesNothingButTheGroup() => Assert.All(
        Actions("deployment-role.json"),
        action => Assert.True(
            action is "*/read" or "Microsoft.Resources/subscriptions/resourceGroups/write"
            || action.StartsWith("Microsoft.Resources/deployments/", StringComparison.Ordinal), action));

    /// <summary>Role administration without a condition, or either role on the whole subscription, would let the pipeline make itself owner.</summary>
    [Fact]
    public void Handbook_GrantsTheDeployingIdentityOnItsGroupAndUnderTheCondition()
    {
        var grants = Grant().Matches(Handbook.Replace("\\\n", " ", StringComparison.Ordinal)).Select(match => match.Value).ToList();

        Assert.Equal(4, grants.Count);
        foreach (var grant in grants.Where(grant => !grant.Contains("ClipiaFlows ", StringComparison.Ordinal)))
        {
            Assert.Contains("DEPLOY", grant, StringComparison.Ordinal);
            Assert.Contains("/resourceGroups/rg-NAME", grant, StringComparison.Ordinal);
        }

        var administration = Assert.Single(grants, grant => grant.Contains("Role Based Access Control Administrator", StringComparison.Ordinal));
        Assert.Contains("--condition \"$(cat infra/pipeline/role-assignments.condition)\"", administration, StringComparison.Ordinal);
    }

    [Fact]
    public void Workflow_PreviewsAndDeploysAsTwoIdentities()
    {
        var file = File.ReadAllText(RepositoryFolder.Of(".github/workflows/deploy.yml"));
        var deployment = file.IndexOf("\n  deploy:\n", StringComparison.Ordinal);

        Assert.Equal(["AZURE_PREVIEW_CLIENT_ID"], ClientIds(file[..deployment]));
        Assert.Equal(["AZURE_DEPLOY_CLIENT_ID"], ClientIds(file[deployment..]));
    }

    [ShellFact]
    public async Task Preview_WithTheVariablesOfAzd_AsksWhatWouldChangeWithRightsToReadOnly()
    {
        using var azure = new FakeVault();

        var (exitCode, output) = await azure.PreviewAsync(
            [], ("AZURE_ENV_NAME", "staging"), ("AZURE_LOCATION", "westeurope"), ("CLIPIA_CONCURRENCY", "25"), ("CLIPIAFLOWS_ALERT_EMAIL", "ops@example.com"));

        Assert.True(exitCode == 0, output);
        Assert.StartsWith("deployment sub what-if ", azure.Calls, StringComparison.Ordinal);
        Assert.Contains("--validation-level ProviderNoRbac", azure.Calls, StringComparison.Ordinal);
        var parameters = JsonNode.Parse(azure.Parameters)!["parameters"]!;
        Assert.Equal("staging", parameters["environmentName"]!["value"]!.GetValue<string>());
        Assert.Equal("ops@example.com", parameters["alertEmail"]!["value"]!.GetValue<string>());
        Assert.Equal(25, parameters["pacingConcurrency"]!["value"]!.GetValue<int>());
        Assert.Equal(120, parameters["pacingRequestsPerMinute"]!["value"]!.GetValue<int>());
        Assert.False(parameters["privateNetworking"]!["value"]!.GetValue<bool>());
    }

    [ShellFact]
    public async Task Preview_WithoutAnEnvironment_NamesTheVariableAndAsksNothing()
    {
        using var azure = new FakeVault();

        var (exitCode, output) = await azure.PreviewAsync([], ("AZURE_ENV_NAME", ""));

        Assert.Equal(1, exitCode);
        Assert.StartsWith("AZURE_ENV_NAME is not set.", output, StringComparison.Ordinal);
        Assert.Empty(azure.Calls);
    }

    private static IEnumerable<string> Actions(string file) =>
        JsonNode.Parse(File.ReadAllText(RepositoryFolder.Of($"infra/pipeline/{file}")))!["Actions"]!.AsArray().Select(action => action!.GetValue<string>());

    private static List<string> ClientIds(string text) => [.. ClientId().Matches(text).Select(match => match.Value).Distinct()];

    private static IEnumerable<string> Guids(string text) => Guid().Matches(text).Select(match => match.Value);

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Guid();

    [GeneratedRegex(@"GuidEquals \{[^}]*\}")]
    private static partial Regex List();

    [GeneratedRegex(@"^az role assignment create .*$", RegexOptions.Multiline)]
    private static partial Regex Grant();

    [GeneratedRegex(@"AZURE_\w+_CLIENT_ID")]
    private static partial Regex ClientId();
}
