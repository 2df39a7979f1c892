using ClipiaFlows.Infra.Tests.Linters;

namespace ClipiaFlows.Infra.Tests.Bicep;

/// <summary>The tree-sitter grammar of Bicep, which runs on every machine, also where the compiler does not.</summary>
public sealed class GrammarTests
{
    private const string Parser = "parse-bicep.mjs";

    [Fact]
    public async Task Parse_EveryTemplate_FindsNoError() => Assert.Empty(await Linter.RunAsync(Parser, Templates.Files));

    [Fact]
    public async Task Parse_ABrokenTemplate_NamesTheLine()
    {
        using var templates = new Templates().Plant("main.bicep", "targetScope = 'subscription'", "targetScope = = 'subscription'");

        Assert.NotEmpty(await Linter.RunAsync(Parser, templates.Main));
    }
}
