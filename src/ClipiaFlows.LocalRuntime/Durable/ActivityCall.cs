namespace ClipiaFlows.LocalRuntime.Durable;

/// <summary>One call of an activity. The same call may be made more than once: after a crash it is repeated.</summary>
/// <param name="InstanceId">The orchestration instance that asked for it.</param>
/// <param name="Name">The activity's name as the orchestrator wrote it.</param>
/// <param name="TaskId">The step of that instance; with the instance it names the call, retries get a new one.</param>
/// <param name="SerializedInput">The input as JSON, null when there is none.</param>
public sealed record ActivityCall(string InstanceId, string Name, int TaskId, string? SerializedInput);
