namespace ClipiaFlows.Production.Pacing;

/// <summary>The jobs of a batch that sleeps in line for a slot.</summary>
/// <param name="Until">When it wakes, if its turn does not come before.</param>
/// <param name="Ready">Its jobs that could run.</param>
/// <param name="Waiting">Its jobs that need others.</param>
/// <param name="Unresolved">Its jobs that a person must decide.</param>
public sealed record SleepingJobs(DateTimeOffset Until, int Ready, int Waiting, int Unresolved);
