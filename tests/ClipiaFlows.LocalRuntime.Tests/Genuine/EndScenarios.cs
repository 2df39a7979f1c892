using System.Collections.Concurrent;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using static ClipiaFlows.LocalRuntime.Tests.Genuine.Scenarios;

namespace ClipiaFlows.LocalRuntime.Tests.Genuine;

internal static class EndScenarios
{
    private static readonly ConcurrentDictionary<string, ManualResetEventSlim> Gates = new();

    public static readonly Scenario[] All =
    [
        new Scenario("throws at once").Runs(_ => throw new InvalidOperationException("outer", new IOException("inner"))),
        new Scenario("throws after a status").Runs(context =>
        {
            context.SetCustomStatus(new { step = 1 });
            throw new ArgumentException("no", nameof(context));
        }),
        new Scenario("uncaught timeout") { FailsAsInvocation = true }.Runs(async context =>
            await context.WaitForExternalEvent<string>("e", TimeSpan.FromMilliseconds(50))),
        new Scenario("status set and taken back").Runs(context =>
        {
            context.SetCustomStatus("first");
            context.SetCustomStatus(null);
            return Task.FromResult<object?>(null);
        }),
        new Scenario("no input").Runs(context => Task.FromResult<object?>($"{context.Read<string>() ?? "null"} {context.Name} {context.InstanceId}")),
        new Scenario("timer left running holds the instance")
        {
            Play = async (client, id) =>
            {
                await UntilAsync(client, id, "returned");
                Assert.False((await client.GetInstanceAsync(id))!.IsCompleted);
            },
        }.Runs(context =>
        {
            context.SetCustomStatus("returned");
            _ = context.CreateTimer(TimeSpan.FromSeconds(3), CancellationToken.None);
            return Task.FromResult<object?>("done");
        }),
        new Scenario("terminated")
        {
            Play = async (client, id) =>
            {
                await UntilAsync(client, id, "waiting");
                await client.TerminateInstanceAsync(id, new { why = "enough" });
            },
        }.Runs(Waits),
        new Scenario("suspended, told, resumed")
        {
            Play = async (client, id) =>
            {
                await UntilAsync(client, id, "waiting");
                await client.SuspendInstanceAsync(id, "wait");
                await UntilAsync(client, id, OrchestrationRuntimeStatus.Suspended);
                await client.RaiseEventAsync(id, "go", "while suspended");
                await Task.Delay(300);
                Assert.Equal(OrchestrationRuntimeStatus.Suspended, (await client.GetInstanceAsync(id))!.RuntimeStatus);
                await client.ResumeInstanceAsync(id, "go on");
            },
        }.Runs(Waits),
        new Scenario("activity ends while suspended")
        {
            Play = async (client, id) =>
            {
                await client.SuspendInstanceAsync(id);
                await UntilAsync(client, id, OrchestrationRuntimeStatus.Suspended);
                GateOf(id).Set();
                await Task.Delay(300);
                Assert.Equal(OrchestrationRuntimeStatus.Suspended, (await client.GetInstanceAsync(id))!.RuntimeStatus);
                await client.ResumeInstanceAsync(id);
            },
        }.Calls("waits to be told", (id, call) =>
        {
            GateOf(id).Wait(TimeSpan.FromMinutes(1));
            return call;
        }).Runs(async context => await context.CallActivityAsync<int>("waits to be told")),
        new Scenario("terminated while suspended")
        {
            Play = async (client, id) =>
            {
                await client.SuspendInstanceAsync(id);
                await UntilAsync(client, id, OrchestrationRuntimeStatus.Suspended);
                await client.TerminateInstanceAsync(id);
            },
        }.Runs(Waits),
        new Scenario("purged while running")
        {
            Play = async (client, id) =>
            {
                await UntilAsync(client, id, "waiting");
                await client.RaiseEventAsync(id, "go", (await ThrownByAsync(() => client.PurgeInstanceAsync("nobody"))).Split('.')[0]);
            },
        }.Runs(Waits),
        new Scenario("version of the context").Runs(context => Task.FromResult<object?>(
            $"'{context.Version}' {context.CompareVersionTo("1.0")} {context.CompareVersionTo("")}")),
        new Scenario("guids").Runs(context =>
        {
            Guid[] guids = [context.NewGuid(), context.NewGuid()];
            return Task.FromResult<object?>($"{guids[0] == guids[1]} {guids[0].Version} {guids[1].Variant is >= 8 and <= 11}");
        }),
    ];

    private static ManualResetEventSlim GateOf(string id) => Gates.GetOrAdd(id, _ => new());

    private static async Task<object?> Waits(TaskOrchestrationContext context)
    {
        context.SetCustomStatus("waiting");
        return await context.WaitForExternalEvent<string>("go");
    }
}
