using System.Text.RegularExpressions;
using ClipiaFlows.Infra.Tests.Bicep;

namespace ClipiaFlows.Infra.Tests.Access;

/// <summary>Nothing in <c>infra/</c> holds, reads or allows a key.</summary>
public sealed class KeylessTests
{
    private static readonly (string Name, Regex Pattern)[] Refused =
    [
        ("an account key", new(@"AccountKey\s*=", RegexOptions.IgnoreCase)),
        ("a shared access key or signature", new(@"SharedAccess(Key|Signature)|[?&]sig=", RegexOptions.IgnoreCase)),
        ("a password", new(@"(password|pwd)\s*[=:]", RegexOptions.IgnoreCase)),
        ("a function that reads keys", new(@"\blist(Keys|AccountSas|ServiceSas|AdminKeys|Secrets?|Credentials|ConnectionStrings)\s*\(", RegexOptions.IgnoreCase)),
        ("a secret read into a template", new(@"\bgetSecret\s*\(", RegexOptions.IgnoreCase)),
        ("a Clipia key or webhook secret", new(@"(clipia_(live|test)_|whsec_)[A-Za-z0-9]{8,}")),
        ("a scope or action of everything", new(@"['""](\*|[\w./]*/\*)['""]")),
        ("a role definition of our own", new(@"Microsoft\.Authorization/roleDefinitions@")),
    ];

    [Fact]
    public void Infra_HoldsNoKeyAndNoScopeOfEverything()
    {
        var files = Directory.EnumerateFiles(Templates.Folder, "*", SearchOption.AllDirectories)
            .Concat(new[] { "azure.yaml", "host.json", "local.settings.sample.json", ".github/workflows/deploy.yml" }.Select(RepositoryFolder.Of));

        Assert.Empty(files.SelectMany(file => Find(File.ReadAllText(file)).Select(found => $"{file}: {found}")));
    }

    [Theory]
    [InlineData("an account key", "AzureWebJobsStorage: 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=c2VjcmV0'")]
    [InlineData("a shared access key or signature", "'https://a.blob.core.windows.net/?sv=1&sig=abc'")]
    [InlineData("a function that reads keys", "value: storage.listKeys().keys[0].value")]
    [InlineData("a scope or action of everything", "actions: [ '*' ]")]
    [InlineData("a scope or action of everything", "actions: [ 'Microsoft.Storage/*' ]")]
    [InlineData("a Clipia key or webhook secret", "Clipia__ApiKey: 'clipia_live_0123456789abcdef'")]
    [InlineData("a Clipia key or webhook secret", "\"Clipia__WebhookSecret\": \"whsec_0123456789abcdef\"")]
    [InlineData("a role definition of our own", "resource r 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {")]
    public void Find_AKeyOrAWideScope_NamesIt(string name, string template) => Assert.Contains(name, Find(template));

    [BicepFact]
    public async Task Resources_AllowIdentitiesOnly()
    {
        var resources = CompiledResources.Of(await Templates.CompiledAsync()).Select(found => found.Resource).ToList();

        AllHave("Microsoft.Storage/storageAccounts", "allowSharedKeyAccess", "false");
        AllHave("Microsoft.Storage/storageAccounts", "allowBlobPublicAccess", "false");
        AllHave("Microsoft.Storage/storageAccounts", "minimumTlsVersion", "TLS1_2");
        AllHave("Microsoft.Storage/storageAccounts", "supportsHttpsTrafficOnly", "true");
        AllHave("Microsoft.Storage/storageAccounts/blobServices/containers", "publicAccess", "None");
        AllHave("Microsoft.EventGrid/topics", "disableLocalAuth", "true");
        AllHave("Microsoft.Insights/components", "DisableLocalAuth", "true");
        AllHave("Microsoft.KeyVault/vaults", "enableRbacAuthorization", "true");
        AllHave("Microsoft.KeyVault/vaults", "enablePurgeProtection", "true");
        AllHave("Microsoft.Web/sites", "httpsOnly", "true");
        AllHave("Microsoft.Web/sites/basicPublishingCredentialsPolicies", "allow", "false");

        void AllHave(string type, string property, string value)
        {
            var some = resources.Where(resource => CompiledResources.TypeOf(resource) == type).ToList();
            Assert.NotEmpty(some);
            Assert.All(some, resource => Assert.Equal(value, resource["properties"]![property]?.ToString()));
        }
    }

    private static IEnumerable<string> Find(string text) => from refused in Refused where refused.Pattern.IsMatch(text) select refused.Name;
}
