using Google.Protobuf.WellKnownTypes;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using P = Microsoft.DurableTask.Protobuf;

namespace ClipiaFlows.LocalRuntime.Durable.Rpc;

/// <summary>Instances and their states between the client library's types and those on the wire.</summary>
internal static class InstanceStates
{
    public static P.GetInstanceResponse Respond(OrchestrationMetadata? instance) => instance is null
        ? new() { Exists = false }
        : new() { Exists = true, OrchestrationState = Of(instance) };

    public static P.OrchestrationState Of(OrchestrationMetadata instance)
    {
        var state = new P.OrchestrationState
        {
            InstanceId = instance.InstanceId,
            Name = instance.Name,
            OrchestrationStatus = (P.OrchestrationStatus)instance.RuntimeStatus,
            CreatedTimestamp = Timestamp.FromDateTimeOffset(instance.CreatedAt),
            LastUpdatedTimestamp = Timestamp.FromDateTimeOffset(instance.LastUpdatedAt),
            Input = instance.SerializedInput,
            Output = instance.SerializedOutput,
            CustomStatus = instance.SerializedCustomStatus,
            FailureDetails = Of(instance.FailureDetails),
        };
        state.Tags.Add(instance.Tags.ToDictionary());
        return state;
    }

    /// <summary>Both enumerations have the same numbers.</summary>
    public static OrchestrationRuntimeStatus Of(P.OrchestrationStatus status) => (OrchestrationRuntimeStatus)status;

    /// <summary>The states in which an instance must not be replaced: the policy names those in which it may be.</summary>
    public static IEnumerable<OrchestrationRuntimeStatus> NotReplaceable(P.OrchestrationIdReusePolicy policy) =>
        System.Enum.GetValues<OrchestrationRuntimeStatus>().Except(policy.ReplaceableStatus.Select(Of));

    private static P.TaskFailureDetails? Of(TaskFailureDetails? failure) => failure is null
        ? null
        : new()
        {
            ErrorType = failure.ErrorType,
            ErrorMessage = failure.ErrorMessage,
            StackTrace = failure.StackTrace,
            InnerFailure = Of(failure.InnerFailure),
        };
}
