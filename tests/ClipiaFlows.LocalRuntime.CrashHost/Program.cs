using ClipiaFlows.LocalRuntime.CrashHost;

// Arguments: database, journal, number of instances, hot instances kept. Works until everything has ended, or until it is killed.
using var journal = new Journal(args[1]);
journal.Begin();
await using var workload = new Workload(args[0], journal, int.Parse(args[2]), int.Parse(args[3]));
await workload.StartAsync();
Console.WriteLine("READY");
await workload.FinishAsync();
Console.WriteLine("DONE");
