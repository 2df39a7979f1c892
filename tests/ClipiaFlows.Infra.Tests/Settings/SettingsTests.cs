using System.Text.Json;
using System.Text.RegularExpressions;

namespace ClipiaFlows.Infra.Tests.Settings;

/// <summary>What the app binds, what the Bicep sets and what the sample lists are the same names.</summary>
public sealed class SettingsTests
{
    /// <summary>Read by the Functions host, the telemetry exporters or the extension of Durable Task, not by the product.</summary>
    private static readonly string[] OfTheHost =
    [
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        "AzureWebJobsStorage__credential",
        "DURABLE_TASK_SCHEDULER_CONNECTION_STRING",
        "AzureFunctionsJobHost__extensions__durableTask__hubName",
        "AzureFunctionsJobHost__extensions__durableTask__storageProvider__type",
        "AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName",
    ];

    /// <summary>Bound by the app, but for one machine or another way of connecting.</summary>
    private static readonly string[] NotOnAzure =
    [
        "AzureWebJobsStorage",
        "AzureWebJobsStorage__blobServiceUri",
        "AzureWebJobsStorage__tableServiceUri",
        "AzureWebJobsStorage__queueServiceUri",
        "Outputs__ConnectionString",
        "Notifications__QueueConnectionString",
        "Notifications__EventGridKey",
    ];

    /// <summary>Bound by the app; its own defaults are right for every deployment.</summary>
    private static readonly string[] DefaultIsRight =
    [
        "Clipia__AttemptTimeout",
        "Clipia__MaxAttempts",
        "Clipia__RetryBudget",
        "Media__MaxBytes",
        "Media__TimeoutSeconds",
        "Notifications__Webhook",
        "Retention__WithOutputs",
    ];

    /// <summary>Properties that the app fills from a setting of another name, or computes.</summary>
    private static readonly string[] ByAnotherName =
    [
        "Callbacks__WebhookSecret",
        "Callbacks__PreviousWebhookSecret",
        "Callbacks__WebhookSecrets",
        "Notifications__TellsOfEveryBatch",
    ];

    // A section is only read to its end where it holds something, so the values of the sample stand below those of Azure.
    private static IReadOnlyList<string> Bound { get; } = [.. BoundSettings.Of(new Dictionary<string, string?>(Sample()!)
    {
        ["AzureWebJobsStorage"] = "",
        ["AzureWebJobsStorage__accountName"] = "sthost",
        ["AzureWebJobsStorage__clientId"] = "00000000-0000-0000-0000-000000000000",
        ["Outputs__ConnectionString"] = "",
        ["Outputs__AccountName"] = "stout",
        // The sample holds placeholders, which the app refuses.
        ["Clipia__ApiKey"] = "clipia_test_0",
        ["Clipia__WebhookSecret"] = "whsec_0",
        ["Callbacks__Key"] = "0123456789abcdef",
    }).Except(ByAnotherName)];

    [Fact]
    public void Bicep_SetsWhateverTheAppBinds() =>
        Assert.Empty(Bound.Except(BicepSettings.Names).Except(NotOnAzure).Except(DefaultIsRight));

    [Fact]
    public void Bicep_SetsNothingUnknown() =>
        Assert.Empty(BicepSettings.Names.Except(Bound).Except(OfTheHost));

    [Fact]
    public void Exceptions_AreStillNeeded()
    {
        Assert.Empty(DefaultIsRight.Except(Bound));
        Assert.Empty(OfTheHost.Intersect(Bound));
    }

    /// <summary>The sample names one storage account by connection string; the parts of the identity are not in it.</summary>
    [Fact]
    public void Sample_NamesWhateverTheAppBinds() =>
        Assert.Empty(Bound.Where(name => !name.StartsWith("AzureWebJobsStorage__", StringComparison.Ordinal)).Except(Sample().Keys));

    [Fact]
    public void Sample_NamesNothingUnknown()
    {
        var ofTheLocalRuntime = new Regex("^(LocalRuntime__|Clock__|OTEL_EXPORTER_OTLP_ENDPOINT$|FUNCTIONS_WORKER_RUNTIME$)");

        Assert.Empty(Sample().Keys.Where(name => !ofTheLocalRuntime.IsMatch(name)).Except(Bound).Except(OfTheHost).Except(NotOnAzure));
    }

    /// <summary>A setting that is bound and not set is told by its name.</summary>
    [Fact]
    public void Bound_ASettingThatNobodySets_IsNamed()
    {
        var missing = Bound.Except(BicepSettings.Names.Where(name => name != "Callbacks__PublicBaseUrl")).Except(NotOnAzure).Except(DefaultIsRight);

        Assert.Equal(["Callbacks__PublicBaseUrl"], missing);
    }

    /// <summary>The app starts with what the Bicep sets: identity only, no connection string.</summary>
    [Fact]
    public void App_WithIdentityBasedSettingsOnly_CanBeBuilt() => Assert.Contains("AzureWebJobsStorage__accountName", Bound);

    /// <summary>Its text would be a secret that everybody can guess.</summary>
    [Fact]
    public void App_WithAnUnresolvedReference_RefusesToStart()
    {
        var settings = new Dictionary<string, string?>(Sample()!) { ["Callbacks__Key"] = "@Microsoft.KeyVault(SecretUri=https://kv/secrets/callback-key)" };

        var refusal = Assert.Throws<InvalidOperationException>(() => BoundSettings.Of(settings));

        Assert.Contains("Callbacks:Key", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_ComeFromTheVaultAndNothingElseDoes()
    {
        var fromVault = BicepSettings.Values.Where(setting => setting.Value.Contains("@Microsoft.KeyVault", StringComparison.Ordinal));

        Assert.Equal(
            ["Clipia__ApiKey", "Clipia__WebhookSecret", "Clipia__PreviousWebhookSecret", "Callbacks__Key", "Callbacks__PreviousKey", "Notifications__WebhookSecret"],
            fromVault.Select(setting => setting.Key));
    }

    /// <summary>What the settings refer to, the hooks put there.</summary>
    [Fact]
    public void Hooks_WriteEverySecretThatASettingRefersTo()
    {
        var wanted = BicepSettings.Values.Select(setting => Regex.Match(setting.Value, @"\}/([\w-]+)\)'$")).Where(found => found.Success);
        var hooks = new[] { "postprovision.sh", "postprovision.ps1" }.Select(name => File.ReadAllText(RepositoryFolder.Of($"infra/hooks/{name}")));

        Assert.All(wanted, found => Assert.All(hooks, hook =>
            Assert.Contains(found.Groups[1].Value.Replace("-previous", "", StringComparison.Ordinal), hook, StringComparison.Ordinal)));
    }

    private static Dictionary<string, string> Sample()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(RepositoryFolder.Of("local.settings.sample.json")));
        return file.RootElement.GetProperty("Values").EnumerateObject().ToDictionary(value => value.Name, value => value.Value.GetString()!);
    }
}
