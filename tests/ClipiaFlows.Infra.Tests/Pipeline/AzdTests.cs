using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace ClipiaFlows.Infra.Tests.Pipeline;

/// <summary>azure.yaml names what is there.</summary>
public sealed class AzdTests
{
    private static readonly YamlMappingNode File_ = Parse();

    [Fact]
    public void Service_IsTheFunctionsApp()
    {
        var app = (YamlMappingNode)File_["services"]["app"];

        Assert.True(Directory.Exists(RepositoryFolder.Of(app["project"].ToString())));
        Assert.Equal("function", app["host"].ToString());
        // azd finds the app by the name of the service in a tag.
        Assert.Contains($"'azd-service-name': 'app'", File.ReadAllText(RepositoryFolder.Of("infra/main.bicep")), StringComparison.Ordinal);
    }

    [Fact]
    public void Hooks_ExistForBothShells()
    {
        foreach (var hook in ((YamlMappingNode)File_["hooks"]).Children.Values)
        {
            foreach (var (platform, shell) in new[] { ("posix", "sh"), ("windows", "pwsh") })
            {
                Assert.Equal(shell, hook[platform]["shell"].ToString());
                Assert.True(File.Exists(RepositoryFolder.Of(hook[platform]["run"].ToString())));
            }
        }
    }

    /// <summary>azd passes over what it does not know.</summary>
    [Fact]
    public void Hooks_AreAmongThoseThatAzdRuns()
    {
        string[] commands = ["provision", "deploy", "package", "restore", "up", "down", "infracreate", "infradelete"];
        var known = commands.SelectMany(command => new[] { "pre" + command, "post" + command });

        Assert.Empty(((YamlMappingNode)File_["hooks"]).Select(hook => hook.Key.ToString()).Except(known));
    }

    [Fact]
    public void Module_IsTheTemplateThatIsThere() =>
        Assert.True(File.Exists(RepositoryFolder.Of($"{File_["infra"]["path"]}/{File_["infra"]["module"]}.bicep")));

    /// <summary>The hooks run with what the templates put out and what azd knows itself.</summary>
    [Theory]
    [InlineData("postprovision.sh"), InlineData("postdeploy.sh"), InlineData("rotate-secret.sh"), InlineData("secrets.sh")]
    [InlineData("postprovision.ps1"), InlineData("postdeploy.ps1"), InlineData("rotate-secret.ps1"), InlineData("secrets.ps1")]
    public void Hooks_ReadOnlyWhatThereIs(string hook)
    {
        var outputs = Regex.Matches(File.ReadAllText(RepositoryFolder.Of("infra/main.bicep")), @"^output (\w+)", RegexOptions.Multiline).Select(output => output.Groups[1].Value);
        var read = Regex.Matches(File.ReadAllText(RepositoryFolder.Of($"infra/hooks/{hook}")), @"\b((AZURE|SERVICE)_\w+)").Select(name => name.Groups[1].Value);

        Assert.Empty(read.Distinct().Except(outputs).Except(["AZURE_SUBSCRIPTION_ID"]));
    }

    private static YamlMappingNode Parse()
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(RepositoryFolder.Of("azure.yaml"))));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }
}
