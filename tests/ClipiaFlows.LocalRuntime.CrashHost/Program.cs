using ClipiaFlows.LocalRuntime.CrashHost;
using ClipiaFlows.LocalRuntime.Durable;

// Arguments: database, journal, number of instances, hot instances kept, and perhaps "Before:7" or "After:7", the commit at which
// to die. Works until everything has ended, or until it is killed.
using var journal = new Journal(args[1]);
journal.Begin();
var hot = int.Parse(args[3]);
var options = new DurableEngineOptions { DatabasePath = args[0], MaxHotInstances = hot, AlwaysReplay = hot == 0 };
if (args.Length > 4) options.AtCommit = SuddenDeath.At(args[4]);
await using var workload = new Workload(options, journal, int.Parse(args[2]));
await workload.StartAsync();
Console.WriteLine("READY");
await workload.FinishAsync();
Console.WriteLine("DONE");
