using ClipiaFlows.Infra.Tests.Bicep;

namespace ClipiaFlows.Infra.Tests.Access;

public sealed class RoleAssignmentTests
{
    private static readonly string[] Approved =
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Access", "RoleAssignments.approved.txt"));

    [BicepFact]
    public async Task Assignments_AreTheApprovedOnes() =>
        Assert.Equal(Approved, RoleAssignments.Of(await Templates.CompiledAsync()));

    [BicepFact]
    public async Task Assignments_OfAnExtraRole_AreNotTheApprovedOnes()
    {
        const string Extra = """

            resource extra 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
              scope: vault
              name: guid(vault.id, appIdentity.id, roles.keyVaultSecretsOfficer)
              properties: {
                roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsOfficer)
                principalId: appIdentity.properties.principalId
                principalType: 'ServicePrincipal'
              }
            }

            """;
        using var templates = new Templates().Plant("modules/access.bicep", "resource readSecrets ", Extra + "resource readSecrets ");

        var assignments = RoleAssignments.Of(await templates.BuildAsync());

        Assert.Equal(["app | Key Vault Secrets Officer | vaultName"], assignments.Except(Approved));
    }

    [BicepFact]
    public async Task Assignments_HiddenInAnotherModule_AreNotTheApprovedOnes()
    {
        const string Hidden = """

            resource owner 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
              name: guid(resourceGroup().id, name)
              properties: {
                roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '8e3af657-a8ff-443c-a75c-2fe8c4bcb635')
                principalId: identity.properties.principalId
              }
            }

            """;
        using var templates = new Templates().Plant("modules/identity.bicep", "\nresource identity ", Hidden + "\nresource identity ");

        var extra = Assert.Single(RoleAssignments.Of(await templates.BuildAsync()).Except(Approved));

        Assert.Contains("an unknown role", extra, StringComparison.Ordinal);
        Assert.EndsWith("the whole group", extra, StringComparison.Ordinal);
    }

    /// <summary>An assignment is found again by its name, so it is made of whom, what and where, and no two are called the same.</summary>
    [BicepFact]
    public async Task Assignments_AreNamedAfterTheirRole() => Assert.Empty(RoleAssignments.Misnamed(await Templates.CompiledAsync()));

    [BicepFact]
    public async Task Assignments_NamedAfterAnotherRole_AreTold()
    {
        using var templates = new Templates().Plant(
            "modules/access.bicep", "name: guid(hostStorage.id, appIdentity.id, roles.queueDataContributor)", "name: guid(hostStorage.id, appIdentity.id, roles.blobDataOwner)");

        Assert.Equal(["queueDataContributor is named after blobDataOwner"], RoleAssignments.Misnamed(await templates.BuildAsync()));
    }

    /// <summary>The handbook says of every line why it is there.</summary>
    [Fact]
    public void Handbook_ListsEveryApprovedRole()
    {
        var handbook = File.ReadAllText(RepositoryFolder.Of("docs/operations.md"));

        Assert.All(Approved, line => Assert.Contains($"| {line.Split('|')[1].Trim()} |", handbook, StringComparison.Ordinal));
    }
}
