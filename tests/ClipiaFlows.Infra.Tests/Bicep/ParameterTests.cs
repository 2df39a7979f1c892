using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ClipiaFlows.Infra.Tests.Bicep;

/// <summary>Parameters and outputs, which are what azd and a reader see of the templates.</summary>
public sealed class ParameterTests
{
    [BicepFact]
    public async Task Parameters_OfEveryTemplate_AreDescribed()
    {
        var main = await Templates.CompiledAsync();
        var templates = CompiledResources.Of(main).Select(found => found.Template).Append(main).Distinct();

        var silent = from template in templates
                     from declared in (template["parameters"] as JsonObject ?? []).Concat(template["outputs"] as JsonObject ?? [])
                     where declared.Value!["metadata"]?["description"] is null
                     select declared.Key;
        Assert.Empty(silent);
    }

    [BicepFact]
    public async Task ParameterFile_AndMain_NameTheSame()
    {
        var main = await Templates.CompiledAsync();
        var declared = main["parameters"]!.AsObject().Select(parameter => parameter.Key);
        var set = ParameterFile().Select(parameter => parameter.Key);

        // Tags are an object, which an environment variable cannot hold; who wants some edits the file.
        Assert.Equal(declared.Where(name => name != "extraTags").Order(StringComparer.Ordinal), set.Order(StringComparer.Ordinal));
    }

    [BicepFact]
    public async Task ParameterFile_Defaults_AreThoseOfMain()
    {
        var declared = (await Templates.CompiledAsync())["parameters"]!;

        foreach (var (name, value) in ParameterFile())
        {
            if (Regex.Match(value!["value"]!.GetValue<string>(), @"^\$\{\w+=(?<value>.*)\}$") is { Success: true } withDefault)
                Assert.Equal(declared[name]!["defaultValue"]!.ToString(), withDefault.Groups["value"].Value, ignoreCase: true);
        }
    }

    /// <summary>Who reads how to set something, and the pipeline that deploys the same, must call it as azd does.</summary>
    [Fact]
    public void ParameterFile_Variables_AreToldInTheReadmeAndHandedOnByThePipeline()
    {
        var variables = ParameterFile().Select(parameter => Regex.Match(parameter.Value!["value"]!.GetValue<string>(), @"^\$\{(\w+)").Groups[1].Value).ToList();
        var readme = File.ReadAllText(RepositoryFolder.Of("README.md"));
        var workflow = File.ReadAllText(RepositoryFolder.Of(".github/workflows/deploy.yml"));

        Assert.All(variables.Except(["AZURE_ENV_NAME", "AZURE_PRINCIPAL_ID", "AZURE_PRINCIPAL_TYPE"]), name => Assert.Matches($@"\b{name}\b", readme));
        Assert.All(variables.Except(["AZURE_PRINCIPAL_ID"]), name => Assert.Contains($"\n  {name}: ", workflow, StringComparison.Ordinal));
    }

    [BicepFact]
    public async Task Outputs_OfMain_AreWhatDeploymentNeeds()
    {
        var outputs = (await Templates.CompiledAsync())["outputs"]!.AsObject().Select(output => output.Key);

        Assert.Equal(["AZURE_RESOURCE_GROUP", "SERVICE_APP_NAME", "SERVICE_APP_URI", "AZURE_KEY_VAULT_NAME"], outputs);
    }

    private static JsonObject ParameterFile() =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Templates.Folder, "main.parameters.json")))!["parameters"]!.AsObject();
}
