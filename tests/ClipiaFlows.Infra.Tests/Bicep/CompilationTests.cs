namespace ClipiaFlows.Infra.Tests.Bicep;

/// <summary>The genuine compiler with its resource types: names, values, versions and required properties.</summary>
public sealed class CompilationTests
{
    [BicepFact]
    public async Task Build_TheTemplates_GivesNoDiagnostic()
    {
        var (output, diagnostics) = await BicepProgram.RunAsync("build", Path.Combine(Templates.Folder, "main.bicep"), "--stdout");

        Assert.Empty(diagnostics);
        Assert.NotEmpty(output);
    }

    /// <summary>Building tells what the linter finds too, in every module that is used.</summary>
    [Fact]
    public void Modules_AreAllUsed()
    {
        var main = File.ReadAllText(Path.Combine(Templates.Folder, "main.bicep"));

        Assert.All(Templates.Modules, module => Assert.Contains($"'modules/{module}'", main, StringComparison.Ordinal));
    }

    [BicepFact]
    public async Task Format_EveryTemplate_ChangesNothing()
    {
        using var templates = new Templates();

        await BicepProgram.RunAsync("format", "--pattern", Path.Combine(Path.GetDirectoryName(templates.Main)!, "**/*.bicep"));

        foreach (var file in Templates.Files)
            Assert.Equal(await File.ReadAllTextAsync(file), await File.ReadAllTextAsync(templates.CopyOf(file)));
    }
}
