namespace ClipiaFlows.LocalRuntime.Tests.Genuine;

/// <summary>
/// The same orchestrators on the local engine and on the genuine one (worker and in-memory backend of Microsoft.DurableTask):
/// output, custom status and failure, inner ones included, must be the same.
/// </summary>
public sealed class DifferentialTests(BothEngines engines) : IClassFixture<BothEngines>
{
    public static TheoryData<string> Names() => [.. Scenarios.All.Select(scenario => scenario.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task Scenario_OnBothEngines_ComesOutTheSame(string name)
    {
        var outcomes = await engines.OutcomesAsync(name);

        Assert.Equal(outcomes[0], outcomes[1]);
    }
}
