using Xunit.Abstractions;
namespace ClipiaFlows.Tests.Exploring;
public sealed class ProbeTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Probe()
    {
        var text = Environment.GetEnvironmentVariable("PROBE");
        if (text is null) return;
        var world = await World.CreateAsync(Scenario.Named(Environment.GetEnvironmentVariable("SCENARIO") ?? "one job"));
        foreach (var move in text.Split(", "))
        {
            output.WriteLine($"=== {move}");
            try { output.WriteLine($"possible {await Moves.TryMakeAsync(world, move)} stopped {world.Stopped?.Name} {world.Stopped?.StoppedBefore}"); Invariants.Check(world); }
            catch (ViolationException e) { output.WriteLine(e.Message); }
            output.WriteLine(Fingerprint.TextOf(world));
        }
        output.WriteLine(string.Join(" | ", Moves.Of(world)));
        var made = new List<string>();
        try { await FairEnd.ReachAsync(world, made); } catch (ViolationException e) { output.WriteLine(e.Message); }
        output.WriteLine(string.Join(", ", made));
        output.WriteLine(Fingerprint.TextOf(world));
    }
}
