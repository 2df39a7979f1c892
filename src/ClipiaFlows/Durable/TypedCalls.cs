using Microsoft.DurableTask;

namespace ClipiaFlows.Durable;

/// <summary>Calls checked by the compiler, all under the one retry rule for accidents.</summary>
internal static class TypedCalls
{
    public static Task<TOutput> Call<TInput, TOutput>(
        this TaskOrchestrationContext context, Activity<TInput, TOutput> activity, TInput input) =>
        context.CallActivityAsync<TOutput>(activity.Name, input, RetryRules.Accidents);
}
