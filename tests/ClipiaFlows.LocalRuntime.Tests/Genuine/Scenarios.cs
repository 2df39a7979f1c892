using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Tests.Genuine;

internal static class Scenarios
{
    public static readonly IReadOnlyList<Scenario> All =
        [.. EventScenarios.All, .. TaskScenarios.All, .. RetryScenarios.All, .. EndScenarios.All, .. ContinueAsNewScenarios.All, .. OddScenarios.All];

    /// <summary>Waits until the orchestrator has set this custom status.</summary>
    public static async Task UntilAsync(DurableTaskClient client, string id, string customStatus)
    {
        while (await client.GetInstanceAsync(id, getInputsAndOutputs: true) is var found && found?.SerializedCustomStatus != $"\"{customStatus}\"")
        {
            Assert.False(found is { IsCompleted: true }, $"It ended before it was '{customStatus}': {found}");
            await Task.Delay(20);
        }
    }

    public static async Task UntilAsync(DurableTaskClient client, string id, OrchestrationRuntimeStatus status)
    {
        while ((await client.GetInstanceAsync(id))?.RuntimeStatus != status) await Task.Delay(20);
    }

    /// <summary>The input: what the genuine registry gives untyped, as the Functions extension gives it typed.</summary>
    public static T? Read<T>(this TaskOrchestrationContext context) =>
        context.GetInput<object>() is JsonElement json ? json.Deserialize<T>() : default;

    /// <summary>What it threw, in one line.</summary>
    public static async Task<string> ThrownByAsync(Func<Task> action)
    {
        try
        {
            await action();
            return "nothing";
        }
        catch (Exception exception)
        {
            return $"{exception.GetType().FullName}: {exception.Message}";
        }
    }
}
