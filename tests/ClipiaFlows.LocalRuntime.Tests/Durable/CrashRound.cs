using System.Diagnostics;
using ClipiaFlows.LocalRuntime.CrashHost;
using ClipiaFlows.LocalRuntime.Durable;
using ClipiaFlows.LocalRuntime.Tests.Support;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

/// <summary>One workload on one database, worked on by as many processes as it takes.</summary>
internal sealed class CrashRound(int flows) : IDisposable
{
    // Everything in memory, little, nothing.
    private static readonly int[] HotInstances = [2_000, 3, 0];

    private readonly TemporaryFolder _folder = new();

    private string Database => Path.Combine(_folder.Path, "durable.db");

    private string JournalPath => Path.Combine(_folder.Path, "journal.txt");

    /// <param name="deathOf">How the n-th process dies; null lets it live.</param>
    /// <returns>What each flow returned, comparable with that of other rounds.</returns>
    public async Task<List<string>> RunAsync(Func<int, Death?> deathOf)
    {
        var life = 0;
        while (!await LiveAsync(HotInstances[life % HotInstances.Length], deathOf(life))) life++;

        var lines = (await File.ReadAllLinesAsync(JournalPath)).Select(line => line.Split(' ')).ToList();
        var stepOf = AssertNoCommittedStepWasRepeated(lines);
        return await AssertResultsAsync(stepOf, lines);
    }

    public void Dispose() => _folder.Dispose();

    /// <returns>Whether the work was finished.</returns>
    private async Task<bool> LiveAsync(int hotInstances, Death? death)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        List<string> arguments =
        [
            "exec", typeof(Workload).Assembly.Location, Database, JournalPath, $"{flows}", $"{hotInstances}",
        ];
        if (death?.AtCommit is { } commit) arguments.Add(commit);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var host = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        if (death is { AtCommit: null })
        {
            // Some kills fall into the start itself.
            if (death.After.Milliseconds % 4 != 0) await host.StandardOutput.ReadLineAsync(patience.Token);
            await Task.Delay(death.After, patience.Token);
            host.Kill();
        }

        var output = await host.StandardOutput.ReadToEndAsync(patience.Token);
        await host.WaitForExitAsync(patience.Token);
        var finished = output.Contains("DONE", StringComparison.Ordinal);
        Assert.True(finished || death is not null, "It ended without being killed.");
        return finished;
    }

    /// <returns>The step of each token that was spent.</returns>
    private static Dictionary<string, string> AssertNoCommittedStepWasRepeated(List<string[]> lines)
    {
        var stepOf = new Dictionary<string, string>();
        var spentOf = new Dictionary<string, string>();
        foreach (var line in lines)
        {
            switch (line)
            {
                case ["minted", var step, { Length: 32 } token]:
                    Assert.False(spentOf.ContainsKey(step), $"{step} was run again after its result had been used.");
                    stepOf[token] = step;
                    break;
                case ["spent", { Length: 32 } token]:
                    var other = spentOf.GetValueOrDefault(stepOf[token]);
                    Assert.True(other is null || other == token, $"Two results of {stepOf[token]} were used.");
                    spentOf[stepOf[token]] = token;
                    break;
            }
        }

        return spentOf.ToDictionary(spent => spent.Value, spent => spent.Key);
    }

    private async Task<List<string>> AssertResultsAsync(Dictionary<string, string> stepOf, List<string[]> lines)
    {
        await using var engine = new DurableEngine(
            new DurableEngineOptions { DatabasePath = Database }, TimeProvider.System, new CollectingLogs());
        await engine.StartAsync(CancellationToken.None);

        // Tokens differ from round to round, the steps that they stand for do not.
        var used = new List<string>();
        var results = new List<string>();
        for (var i = 0; i < flows; i++)
        {
            var flow = await engine.Client.GetInstanceAsync($"f{i}", getInputsAndOutputs: true);
            Assert.Equal(OrchestrationRuntimeStatus.Completed, flow!.RuntimeStatus);
            var tokens = flow.ReadOutputAs<List<string>>()!;
            used.AddRange(tokens);
            results.Add($"f{i}: {string.Join(' ', tokens.Select(token => stepOf.GetValueOrDefault(token, "not spent")))}");
        }

        Assert.Equal(stepOf.Keys.Order(), used.Order());

        var collector = await engine.Client.GetInstanceAsync(Workload.Collector, getInputsAndOutputs: true);
        var collected = collector!.ReadOutputAs<List<string>>()!;
        var acknowledged = lines.Where(line => line is ["acknowledged", { Length: 32 }]).Select(line => line[1]).ToList();
        Assert.Equal(collected.Count, collected.Distinct().Count());
        Assert.Equal(acknowledged, collected.Where(acknowledged.Contains));
        return results;
    }
}
