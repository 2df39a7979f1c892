using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ClipiaFlows.Infra.Tests.Bicep;

/// <summary>Modules find each other's resources by name, and a wrong name of the right type compiles.</summary>
public sealed partial class WiringTests
{
    /// <summary>Parameters that are not called as the resource is.</summary>
    private static readonly Dictionary<string, string> Called = new(StringComparer.Ordinal)
    {
        ["appIdentity"] = "identity",
        ["queueAccount"] = "hostStorage",
    };

    [BicepFact]
    public async Task Modules_AreGivenTheResourcesThatTheyAskFor() => Assert.Empty(Problems(await Templates.CompiledAsync()));

    [BicepFact]
    public async Task Modules_GivenAnother_AreNamed()
    {
        using var templates = new Templates().Plant("main.bicep", "hostStorageName: names.hostStorage", "hostStorageName: names.outputStorage");

        Assert.Contains("hostStorageName is given [variables('names').outputStorage]", Problems(await templates.BuildAsync()));
    }

    /// <summary>Whatever the app stores in, reads or sends to is reached through the network when the public ways are closed.</summary>
    [BicepFact]
    public async Task Network_HasAnEndpointForEachServiceThatCanBePrivate()
    {
        var network = CompiledResources.Of(await Templates.CompiledAsync())
            .First(found => CompiledResources.TypeOf(found.Resource) == "Microsoft.Network/privateEndpoints").Template;

        var endpoints = network["variables"]!["endpoints"]!.AsArray().Concat(network["variables"]!["schedulerEndpoints"]!.AsArray()).Select(endpoint => $"{Parameter().Match(endpoint!["target"]!.GetValue<string>()).Groups[1]} {endpoint["group"]}");
        Assert.Equal(
            ["hostStorageName blob", "hostStorageName queue", "hostStorageName table", "outputStorageName blob", "vaultName vault", "topicName topic", "schedulerName scheduler"],
            endpoints);
    }

    /// <summary>A service that only its private endpoint may reach is closed to the internet by the same parameter.</summary>
    [BicepFact]
    public async Task PublicAccess_WithPrivateNetworking_IsClosedOrRestricted()
    {
        var open = OpenToTheInternet(await Templates.CompiledAsync());

        Assert.Empty(open);
    }

    [BicepTheory]
    [InlineData("modules/scheduler.bicep", "isPrivate ? 'Disabled' : 'Enabled'", "'Enabled'", "Microsoft.DurableTask/schedulers")]
    [InlineData("modules/scheduler.bicep", "isPrivate ? networkAddressPrefix", "empty(networkAddressPrefix) ? networkAddressPrefix", "Microsoft.DurableTask/schedulers")]
    [InlineData("modules/host-storage.bicep", "isPrivate ? 'Disabled' : 'Enabled'", "'Enabled'", "Microsoft.Storage/storageAccounts")]
    public async Task PublicAccess_OpenInSpiteOfPrivateNetworking_IsNamed(string file, string text, string mistake, string named)
    {
        using var templates = new Templates().Plant(file, text, mistake);

        Assert.Contains(named, OpenToTheInternet(await templates.BuildAsync()));
    }

    private static List<string> OpenToTheInternet(JsonObject main)
    {
        string[] types = ["Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults", "Microsoft.EventGrid/topics", "Microsoft.DurableTask/schedulers"];
        var found = CompiledResources.Of(main).Where(one => types.Contains(CompiledResources.TypeOf(one.Resource))).ToList();
        Assert.Equal(types.Length, found.Select(one => CompiledResources.TypeOf(one.Resource)).Distinct().Count());
        return [.. found
            .Where(one => !Follows(one.Resource["properties"]!["publicNetworkAccess"]) || one.Resource["properties"]!["ipAllowlist"] is JsonArray list && !list.All(Follows))
            .Select(one => CompiledResources.TypeOf(one.Resource))];

        static bool Follows(JsonNode? value) => value?.GetValue<string>().Contains("parameters('isPrivate')", StringComparison.Ordinal) == true;
    }

    private static List<string> Problems(JsonObject main)
    {
        var names = main["variables"]!["names"]!.AsObject().Select(name => name.Key).ToHashSet(StringComparer.Ordinal);
        var given = from module in CompiledResources.Listed(main["resources"])
                    from parameter in module["properties"]?["parameters"]?.AsObject() ?? []
                    where parameter.Key.EndsWith("Name", StringComparison.Ordinal)
                    let stem = parameter.Key[..^"Name".Length]
                    let resource = Called.GetValueOrDefault(stem, stem)
                    where names.Contains(resource)
                    // A value that depends on something is one expression, with the object in it.
                    let value = parameter.Value is JsonObject written ? written["value"] : parameter.Value
                    where value is not null
                    select (parameter.Key, Value: value.GetValue<string>(), Resource: resource);

        return [.. given.Where(one => NameOf().Matches(one.Value).Select(found => found.Groups[1].Value).Distinct().ToList() is not [var only] || only != one.Resource)
            .Select(one => $"{one.Key} is given {one.Value}")];
    }

    [GeneratedRegex(@"variables\('names'\)\.(\w+)")]
    private static partial Regex NameOf();

    [GeneratedRegex(@"parameters\('(\w+)'\)")]
    private static partial Regex Parameter();
}
