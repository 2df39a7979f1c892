namespace ClipiaFlows.LocalRuntime.Durable.Execution;

/// <summary>The error of an orchestrator that awaited something which no replay can repeat.</summary>
internal static class Trespass
{
    public static InvalidOperationException Found(string instanceId) => new(
        $"An invalid asynchronous invocation was detected in instance '{instanceId}': the orchestrator awaited something that is "
        + "not a durable task (Task.Delay, Task.Run, network or file access, a ConfigureAwait(false)). "
        + "Await only what the context gives; do everything else in an activity.");
}
