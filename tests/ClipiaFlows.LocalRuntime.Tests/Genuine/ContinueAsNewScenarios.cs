using static ClipiaFlows.LocalRuntime.Tests.Genuine.Scenarios;

namespace ClipiaFlows.LocalRuntime.Tests.Genuine;

internal static class ContinueAsNewScenarios
{
    public static readonly Scenario[] All =
    [
        new Scenario("goes on five times") { Input = 0 }.Runs(context =>
        {
            var round = context.Read<int>();
            context.SetCustomStatus(round);
            if (round < 5) context.ContinueAsNew(round + 1);
            return Task.FromResult<object?>(round);
        }),
        // Not compared: what is kept, because the in-memory backend loses it, unlike the real host.
        new Scenario("drops what it did not read when told to")
        {
            Input = 0,
            Play = async (client, id) =>
            {
                await UntilAsync(client, id, "listening");
                await client.RaiseEventAsync(id, "e", "early");
                await client.RaiseEventAsync(id, "go", "x");
                await UntilAsync(client, id, "again");
                await client.RaiseEventAsync(id, "E", "late");
            },
        }.Runs(async context =>
        {
            if (context.Read<int>() > 0)
            {
                context.SetCustomStatus("again");
                return await context.WaitForExternalEvent<string>("e");
            }

            context.SetCustomStatus("listening");
            await context.WaitForExternalEvent<string>("go");
            context.ContinueAsNew(1, preserveUnprocessedEvents: false);
            return null;
        }),
        new Scenario("asks twice to go on") { Input = "first" }.Runs(context =>
        {
            var input = context.Read<string>();
            if (input == "first")
            {
                context.ContinueAsNew("second");
                context.ContinueAsNew("third");
            }

            return Task.FromResult<object?>(input);
        }),
        new Scenario("asks to go on and throws") { Input = 0 }.Runs(context =>
        {
            if (context.Read<int>() > 0) return Task.FromResult<object?>("went on");
            context.ContinueAsNew(1);
            throw new InvalidOperationException("after all");
        }),
        new Scenario("asks to go on and works on") { Input = 0 }.Calls("work", (_, call) => call).Runs(async context =>
        {
            if (context.Read<int>() > 0) return $"went on {await context.CallActivityAsync<int>("work")}";
            context.ContinueAsNew(1);
            return await context.CallActivityAsync<int>("work");
        }),
        new Scenario("goes on with a timer left running") { Input = 0 }.Runs(async context =>
        {
            if (context.Read<int>() > 0)
            {
                await context.CreateTimer(TimeSpan.FromMilliseconds(1500), CancellationToken.None);
                return "went on";
            }

            _ = context.CreateTimer(TimeSpan.FromMilliseconds(700), CancellationToken.None);
            context.ContinueAsNew(1);
            return null;
        }),
    ];
}
