using System.Diagnostics;
using Xunit.Abstractions;
namespace ClipiaFlows.Tests.Exploring;
internal sealed class Cpu { TimeSpan _s = Process.GetCurrentProcess().TotalProcessorTime; public void Restart() => _s = Process.GetCurrentProcess().TotalProcessorTime; public TimeSpan Elapsed => Process.GetCurrentProcess().TotalProcessorTime - _s; }
public sealed class TimingTests(ITestOutputHelper output)
{
    #pragma warning disable xUnit1031
    [Fact]
    public void Timing()
    {
        for (var round = 0; round < 6; round++)
        {
            var c = new Cpu();
            for (var i = 0; i < 200; i++) World.Create(Scenario.OneJob);
            output.WriteLine($"create {c.Elapsed.TotalMilliseconds / 200:F3}");
            c.Restart();
            for (var i = 0; i < 200; i++) Explorer.Replay(Scenario.OneJob, ["submit 0 ok", "done 1", "deliver 1", "copy 0 ok"]);
            output.WriteLine($"4 moves to the end {c.Elapsed.TotalMilliseconds / 200:F3}");
            c.Restart();
            for (var i = 0; i < 200; i++) Explorer.Replay(Scenario.OneJob, ["submit 0 ok", "done 1", "deliver 1"]);
            output.WriteLine($"3 moves {c.Elapsed.TotalMilliseconds / 200:F3}");
            var w = Explorer.Replay(Scenario.OneJob, ["submit 0 ok", "done 1", "deliver 1"]);
            c.Restart();
            for (var i = 0; i < 200; i++) Fingerprint.Of(w);
            output.WriteLine($"fp {c.Elapsed.TotalMilliseconds / 200:F3}");
            c.Restart();
            for (var i = 0; i < 200; i++) Invariants.Check(w);
            output.WriteLine($"inv {c.Elapsed.TotalMilliseconds / 200:F3}");
            c.Restart();
            for (var i = 0; i < 200; i++) Moves.Of(w);
            output.WriteLine($"moves {c.Elapsed.TotalMilliseconds / 200:F3}");
            c.Restart();
            for (var i = 0; i < 200; i++) { w.Restart(); }
            output.WriteLine($"restart {c.Elapsed.TotalMilliseconds / 200:F3}");
            c.Restart();
            for (var i = 0; i < 200; i++) { var ww = Explorer.NewEmpty(); }
            output.WriteLine($"world without start {c.Elapsed.TotalMilliseconds / 200:F3}");
            w = World.Create(Scenario.OneJob);
            var input = LocalRuntime.Durable.Payload.Serialize(new ClipiaFlows.Production.BatchRef { Batch = "spring" });
            c.Restart();
            for (var i = 0; i < 200; i++) w.Process.RunAsync("advance", input, default).GetAwaiter().GetResult();
            output.WriteLine($"advance at rest {c.Elapsed.TotalMilliseconds / 200:F3}");
            c.Restart();
            for (var i = 0; i < 200; i++) { w.Engine.Send("b-spring", new(ClipiaFlows.LocalRuntime.Durable.Execution.EventKind.EventRaised, 0, "wake-up", "\"\"")); w.Settle(); }
            output.WriteLine($"wake up {c.Elapsed.TotalMilliseconds / 200:F3}");
            c.Restart();
            for (var i = 0; i < 200; i++) { w.Process.Commands.IssueAsync("spring", new(i % 2 == 0 ? ClipiaFlows.Production.Commands.CommandKind.Pause : ClipiaFlows.Production.Commands.CommandKind.Resume), null, w.Client, default).GetAwaiter().GetResult(); w.Settle(); }
            output.WriteLine($"command {c.Elapsed.TotalMilliseconds / 200:F3}");
            c.Restart();
            var n = 0;
            for (var i = 0; i < 50; i++) { n = FairEnd.Reach(World.Create(Scenario.OneJob)).Count; }
            output.WriteLine($"fair end {n} {c.Elapsed.TotalMilliseconds / 50:F3}");
        }
    }
}
