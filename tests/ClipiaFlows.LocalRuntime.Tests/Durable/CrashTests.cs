using System.Diagnostics;
using System.Globalization;
using ClipiaFlows.LocalRuntime.CrashHost;
using ClipiaFlows.LocalRuntime.Durable;
using ClipiaFlows.LocalRuntime.Tests.Support;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

/// <summary>Kills a working process again and again. CRASH_KILLS makes it more often than the few times of an ordinary run.</summary>
public sealed class CrashTests : IDisposable
{
    private const int StepsPerFlow = 10;

    private static readonly int Kills = int.Parse(
        Environment.GetEnvironmentVariable("CRASH_KILLS") ?? "5", CultureInfo.InvariantCulture);

    // Enough work for so many kills.
    private static readonly int Flows = 10 * Kills;

    private readonly TemporaryFolder _folder = new();

    private string Database => Path.Combine(_folder.Path, "durable.db");

    private string JournalPath => Path.Combine(_folder.Path, "journal.txt");

    [Theory]
    [InlineData(2_000)]
    [InlineData(3)]
    [InlineData(0)]
    public async Task Kill_AtRandomInstants_NothingIsLostAndNoCommittedStepIsRepeated(int hotInstances)
    {
        var finished = false;
        var kills = 0;
        for (; kills < Kills && !finished; kills++)
            finished = await RunAsync(hotInstances, TimeSpan.FromMilliseconds(Random.Shared.Next(300)));
        Assert.True(kills > 1, "It was too quick to be killed.");
        if (!finished) Assert.True(await RunAsync(hotInstances, killAfter: null), "The last run did not finish.");

        var lines = (await File.ReadAllLinesAsync(JournalPath)).Select(line => line.Split(' ')).ToList();
        var spent = AssertNoCommittedStepWasRepeated(lines);
        await AssertResultsAsync(spent, lines);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<bool> RunAsync(int hotInstances, TimeSpan? killAfter)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        string[] arguments =
        [
            "exec", typeof(Workload).Assembly.Location, Database, JournalPath, $"{Flows}", $"{hotInstances}",
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var host = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        if (killAfter is { } delay)
        {
            // Some kills fall into the start itself.
            if (delay.Milliseconds % 4 != 0) await host.StandardOutput.ReadLineAsync(patience.Token);
            await Task.Delay(delay, patience.Token);
            host.Kill();
        }

        var output = await host.StandardOutput.ReadToEndAsync(patience.Token);
        await host.WaitForExitAsync(patience.Token);
        return output.Contains("DONE", StringComparison.Ordinal);
    }

    /// <returns>The tokens that were spent.</returns>
    private static HashSet<string> AssertNoCommittedStepWasRepeated(List<string[]> lines)
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

        return [.. spentOf.Values];
    }

    private async Task AssertResultsAsync(HashSet<string> spent, List<string[]> lines)
    {
        await using var engine = new DurableEngine(
            new DurableEngineOptions { DatabasePath = Database }, TimeProvider.System, new CollectingLogs());
        await engine.StartAsync(CancellationToken.None);

        var used = new List<string>();
        for (var i = 0; i < Flows; i++)
        {
            var flow = await engine.Client.GetInstanceAsync($"f{i}", getInputsAndOutputs: true);
            Assert.Equal(OrchestrationRuntimeStatus.Completed, flow!.RuntimeStatus);
            used.AddRange(flow.ReadOutputAs<List<string>>()!);
        }

        Assert.Equal(Flows * StepsPerFlow, used.Count);
        Assert.Equal(spent.Order(), used.Order());

        var collector = await engine.Client.GetInstanceAsync(Workload.Collector, getInputsAndOutputs: true);
        var collected = collector!.ReadOutputAs<List<string>>()!;
        var acknowledged = lines.Where(line => line is ["acknowledged", { Length: 32 }]).Select(line => line[1]).ToList();
        Assert.Equal(collected.Count, collected.Distinct().Count());
        Assert.Equal(acknowledged, collected.Where(acknowledged.Contains));
    }
}
