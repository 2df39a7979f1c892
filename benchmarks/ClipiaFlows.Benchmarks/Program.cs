using ClipiaFlows.Benchmarks;

// Arguments: how many runs of each (default 5), and perhaps a part of the names to run. A table in Markdown comes out.
var runs = args.Length > 0 ? int.Parse(args[0]) : 5;
var part = args.Length > 1 ? args[1] : "";
var report = new Report();
await Activities.MeasureAsync(report.Section("activities", part), runs);
await Events.MeasureAsync(report.Section("events", part), runs);
await ManyInstances.MeasureAsync(report.Section("instances", part), runs);
await Replay.MeasureAsync(report.Section("replay", part), runs);
await Archive.MeasureAsync(report.Section("archive", part), runs);
report.Print(runs);
