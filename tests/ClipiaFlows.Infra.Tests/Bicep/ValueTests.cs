namespace ClipiaFlows.Infra.Tests.Bicep;

/// <summary>Values that the compiler takes and the service would not, or not as it is meant.</summary>
public sealed class ValueTests
{
    private static readonly string[] Approved = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Bicep", "Values.approved.txt"));

    [BicepFact]
    public async Task Values_AreTheApprovedOnes() => Assert.Empty(WrittenValues.Problems(await Templates.CompiledAsync(), Approved));

    [BicepFact]
    public async Task Values_OfMistakes_AreEachNamed()
    {
        using var templates = new Templates()
            .Plant("modules/host-storage.bicep", "bypass: 'AzureServices'", "bypass: 'AzureService'")
            .Plant("modules/output-storage.bicep", "isPrivate ? 'Deny' : 'Allow'", "isPrivate ? 'Denied' : 'Allow'")
            .Plant("modules/output-storage.bicep", "          enabled: true\n", "          enabled: false\n")
            .Plant("modules/secrets.bicep", "family: 'A'", "family: 'B'")
            .Plant("modules/function-app.bicep", "name: 'dotnet-isolated'", "name: 'dotnet'")
            .Plant("modules/function-app.bicep", "name: 'durable'", "name: 'durables'")
            .Plant("modules/function-app.bicep", "    keyVaultReferenceIdentity: identity.id\n", "")
            .Plant("modules/network.bicep", "Microsoft.App/environments", "Microsoft.Web/serverFarms")
            .Plant("modules/alerts.bicep", "operator: 'GreaterThan'", "operator: 'MoreThan'");

        var problems = WrittenValues.Problems(await templates.BuildAsync(), Approved);

        string[] expected =
        [
            "networkAcls.bypass = AzureService", "networkAcls.defaultAction = Denied", "rules[].enabled = false", "sku.family = B", "runtime.name = dotnet",
            "alwaysReady[].name = durables", "keyVaultReferenceIdentity is missing", "serviceName = Microsoft.Web/serverFarms", "operator = MoreThan",
        ];
        Assert.All(expected, mistake => Assert.Contains(problems, problem => problem.EndsWith(mistake, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, problems.Count);
    }
}
