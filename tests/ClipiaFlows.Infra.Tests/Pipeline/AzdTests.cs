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

    private static YamlMappingNode Parse()
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(RepositoryFolder.Of("azure.yaml"))));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }
}
