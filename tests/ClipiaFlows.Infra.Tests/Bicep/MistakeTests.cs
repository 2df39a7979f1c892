namespace ClipiaFlows.Infra.Tests.Bicep;

/// <summary>Each kind of mistake, planted in a copy of the templates, is told by the compiler in the file where it stands.</summary>
public sealed class MistakeTests(CompiledMistakes compiled) : IClassFixture<CompiledMistakes>
{
    public static TheoryData<string> Kinds => [.. CompiledMistakes.All.Select(mistake => mistake.Kind)];

    [BicepTheory]
    [MemberData(nameof(Kinds))]
    public async Task Build_WithAMistake_NamesIt(string kind)
    {
        var mistake = CompiledMistakes.All.Single(planted => planted.Kind == kind);
        var diagnostics = await compiled.DiagnosticsAsync();

        Assert.Contains(diagnostics, line =>
            line.Contains(mistake.File, StringComparison.Ordinal) && line.Contains(mistake.Code, StringComparison.Ordinal)
            && line.Contains(mistake.Named, StringComparison.Ordinal));
    }
}
