namespace ClipiaFlows.Cli.Api;

/// <summary>Why a job is not running.</summary>
internal sealed record WaitingFor(string Code, string Detail);

/// <summary>How many jobs of a batch wait for the same thing.</summary>
internal sealed record WaitingJobs(string Code, int Jobs, string Detail);
