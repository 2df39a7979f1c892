using System.Text.Json;

namespace ClipiaFlows.Cli.Api;

/// <summary>A job with everything that the app knows about it.</summary>
internal sealed record JobDetail(Job Job, decimal Estimate, JsonElement? Input, IReadOnlyList<string> Needs, IReadOnlyList<JobMoment> Timeline);

/// <summary>Something that happened to a job.</summary>
internal sealed record JobMoment(DateTimeOffset At, string What, int? Attempt, string? Note);
