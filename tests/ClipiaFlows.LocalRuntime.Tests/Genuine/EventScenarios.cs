using static ClipiaFlows.LocalRuntime.Tests.Genuine.Scenarios;

namespace ClipiaFlows.LocalRuntime.Tests.Genuine;

internal static class EventScenarios
{
    public static readonly Scenario[] All =
    [
        new Scenario("events before the wait")
        {
            Play = async (client, id) =>
            {
                await UntilAsync(client, id, "listening");
                await client.RaiseEventAsync(id, "number", 1);
                await client.RaiseEventAsync(id, "NUMBER", 2);
                await client.RaiseEventAsync(id, "go");
            },
        }.Runs(async context =>
        {
            context.SetCustomStatus("listening");
            var nothing = await context.WaitForExternalEvent<string?>("Go");
            return $"{nothing ?? "null"} {await context.WaitForExternalEvent<int>("number")} {await context.WaitForExternalEvent<int>("number")}";
        }),
        new Scenario("several waiters")
        {
            Play = async (client, id) =>
            {
                await UntilAsync(client, id, "waiting");
                foreach (var name in new[] { "a", "b", "c" }) await client.RaiseEventAsync(id, "e", name);
            },
        }.Runs(async context =>
        {
            Task<string>[] waits = [context.WaitForExternalEvent<string>("e"), context.WaitForExternalEvent<string>("E"), context.WaitForExternalEvent<string>("e")];
            context.SetCustomStatus("waiting");
            return string.Join(" ", await Task.WhenAll(waits));
        }),
        new Scenario("cancelled wait")
        {
            Play = async (client, id) =>
            {
                await UntilAsync(client, id, "cancelled");
                await client.RaiseEventAsync(id, "e", "first");
                await client.RaiseEventAsync(id, "e", "second");
                await client.RaiseEventAsync(id, "go", "x");
            },
        }.Runs(async context =>
        {
            using var giveUp = new CancellationTokenSource();
            var older = context.WaitForExternalEvent<string>("e");
            var abandoned = context.WaitForExternalEvent<string>("e", giveUp.Token);
            giveUp.Cancel();
            var thrown = await ThrownByAsync(() => abandoned);
            var other = await ThrownByAsync(() => context.WaitForExternalEvent<int>("e"));
            context.SetCustomStatus("cancelled");
            await context.WaitForExternalEvent<string>("go");
            return $"{thrown} {other} {await older} {await context.WaitForExternalEvent<string>("e")}";
        }),
        new Scenario("wait that times out and one that does not")
        {
            Play = async (client, id) =>
            {
                await UntilAsync(client, id, "late");
                await client.RaiseEventAsync(id, "e", "there");
            },
        }.Runs(async context =>
        {
            var thrown = await ThrownByAsync(() => context.WaitForExternalEvent<string>("e", TimeSpan.FromMilliseconds(200)));
            context.SetCustomStatus("late");
            return thrown + await context.WaitForExternalEvent<string>("e", TimeSpan.FromDays(400));
        }),
        new Scenario("pending wait at the end").Runs(context =>
        {
            _ = context.WaitForExternalEvent<string>("never");
            return Task.FromResult<object?>("left");
        }),
        new Scenario("event that does not fit its type, caught")
        {
            FailsAsInvocation = true,
            Play = async (client, id) =>
            {
                await UntilAsync(client, id, "waiting");
                await client.RaiseEventAsync(id, "e", "no number");
            },
        }.Runs(async context =>
        {
            context.SetCustomStatus("waiting");
            try
            {
                return await context.WaitForExternalEvent<int>("e");
            }
            catch (System.Text.Json.JsonException)
            {
                return "caught";
            }
        }),
        new Scenario("event sent to oneself and to nobody").Runs(async context =>
        {
            context.SendEvent("nobody", "e", 1);
            context.SendEvent(context.InstanceId, "e", new[] { 1, 2 });
            return (await context.WaitForExternalEvent<int[]>("e")).Length;
        }),
    ];
}
