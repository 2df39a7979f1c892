using ClipiaFlows.LocalRuntime.Durable.Execution;
using ClipiaFlows.Notifications;
using ClipiaFlows.Production;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClipiaFlows.Tests.Replay;

/// <summary>Runs today's flows over histories of earlier runs, as the engine does after a restart.</summary>
internal static class FlowReplay
{
    private static readonly Dictionary<string, Func<TaskOrchestrationContext, Task>> Flows = new()
    {
        [RunBatch.Name] = RunBatch.RunAsync,
        [RunJob.Name] = RunJob.RunAsync,
        [TellOthers.Name] = TellOthers.RunAsync,
    };

    /// <summary>What differs; null when today's code does what was recorded and stands where it stood.</summary>
    public static string? Try(RecordedHistory history)
    {
        var flow = Flows[history.Flow];
        var identity = new ExecutionIdentity(history.InstanceId, history.Flow, "", null, history.Input, null);
        var executor = new OrchestratorExecutor(identity, async context => { await flow(context); return null; }, NullLoggerFactory.Instance);

        var ending = executor.Play(history.Events, []).Ending;

        var status = ending switch
        {
            Ending.Failed failed => failed.Failure.ErrorMessage,
            Ending.Completed => "Completed",
            Ending.ContinuedAsNew => "ContinuedAsNew",
            _ => "Running",
        };
        return status == history.Status ? null : $"expected {history.Status}, found {status}";
    }
}
