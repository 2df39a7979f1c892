using System.Collections.Concurrent;
using System.Text.Json.Serialization;
using Azure.Core.Serialization;
using ClipiaFlows.LocalRuntime.Durable;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClipiaFlows.LocalRuntime.Tests.Hosting;

public sealed class DurableFunctionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Orchestration_StartedOverHttp_RunsItsActivities()
    {
        await using var app = await App().StartAsync(typeof(Flows), typeof(Work));

        var answer = await app.Http.GetStringAsync("api/run/Ada/3");

        Assert.Equal("Completed \"Ada 1, Ada 2, Ada 3; 6\"", answer);
    }

    [Fact]
    public async Task Orchestration_ActivityThrows_SeesTheMessageAndNoTypeAsOnTheRealHost()
    {
        await using var app = await App().StartAsync(typeof(Flows), typeof(Work));

        var answer = await app.Http.GetStringAsync("api/run/broken/1");

        Assert.Equal("Completed \"(unknown) False: too late\"", answer);
    }

    [Fact]
    public async Task Payloads_OfAnApp_AreThoseOfTheWorkersSerializer()
    {
        await using var app = await new LocalApp().StartAsync(typeof(Payloads));

        Assert.Equal("Completed \"Ada 3, Eve 4, 0\"", await app.Http.GetStringAsync("api/payloads"));
    }

    [Fact]
    public async Task Payloads_SerializerOfTheWorkerOptions_IsTaken()
    {
        await using var app = await new LocalApp
        {
            Configure = builder => builder.ConfigureFunctionsWebApplication().Services.Configure<WorkerOptions>(options =>
                options.Serializer = new JsonObjectSerializer(new() { IncludeFields = true, PropertyNameCaseInsensitive = true })),
        }.StartAsync(typeof(Payloads));

        Assert.Equal("Completed \"Ada 3, Eve 4, 5\"", await app.Http.GetStringAsync("api/payloads"));
    }

    [Fact]
    public async Task Orchestration_AppRestarts_GoesOn()
    {
        await using var first = await App().StartAsync(typeof(Flows), typeof(Work));
        var id = await first.Http.GetStringAsync("api/wait");

        await using var second = await first.RestartAsync(typeof(Flows), typeof(Work));
        var answer = await second.Http.GetStringAsync($"api/signal/{id}");

        Assert.Equal("Completed \"go\"", answer);
    }

    [Fact]
    public async Task Orchestration_WithMiddleware_RunsThroughItAtEveryReplay()
    {
        var seen = new ConcurrentQueue<string>();
        await using var app = await new LocalApp
        {
            Arguments = ["--LocalRuntime:AlwaysReplay=true"],
            Configure = builder =>
            {
                builder.ConfigureFunctionsWebApplication().Services.AddSingleton<Greeting>();
                builder.UseMiddleware(async (context, next) =>
                {
                    seen.Enqueue($"{context.FunctionDefinition.Name} {context.BindingContext.BindingData.GetValueOrDefault("instanceId")}");
                    await next();
                });
            },
        }.StartAsync(typeof(Flows), typeof(Work));

        Assert.Equal("Completed \"Ada 1, Ada 2; 3\"", await app.Http.GetStringAsync("api/run/Ada/2?id=fixed"));

        Assert.True(seen.Count(each => each == "greet-all fixed") > 1);
        Assert.Equal(2, seen.Count(each => each == "greet fixed"));
        Assert.Single(seen, each => each == "run ");
    }

    [Fact]
    public async Task Start_StateInUse_IsRefusedInASentence()
    {
        await using var app = App();
        await using var other = new DurableEngine(
            new() { DatabasePath = Path.Combine(app.DataDirectory, "durable.db") }, TimeProvider.System, NullLoggerFactory.Instance);
        await other.StartAsync(CancellationToken.None);

        await app.StartAsync(typeof(Flows), typeof(Work));

        Assert.Equal(1, app.ExitCode);
        Assert.Matches("^error: .*durable.db.* in use by another process.*\\n$", app.Error.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Start_DurableMistakes_AreTold()
    {
        await using var app = await new LocalApp().StartAsync(typeof(Mistakes));

        Assert.Equal(1, app.ExitCode);
        Assert.Contains("Function 'two-inputs' (Mistakes.TwoInputs): nothing can be bound to its parameter 'second' of type Int32.", app.Error);
        Assert.Contains("Function 'client' (Mistakes.Client): nothing can be bound to its parameter 'client' of type DurableTaskClient.", app.Error);
        Assert.Contains("The durable name 'same' belongs to several functions: one, two.", app.Error);
    }

    [Fact]
    public async Task Listing_DurableFunctions_ShowTheirTriggers()
    {
        await using var app = await App().StartAsync(typeof(Flows), typeof(Work));

        Assert.Contains("  greet: activityTrigger\n  greet-all: orchestrationTrigger\n", app.Output.ReplaceLineEndings("\n"));
    }

    private static LocalApp App() => new()
    {
        Configure = builder => builder.ConfigureFunctionsWebApplication().Services.AddSingleton<Greeting>(),
    };

    public sealed class Greeting
    {
        private readonly string _between = " ";

        public string For(string name, int number) => name + _between + number;
    }

    public sealed record Request([property: JsonPropertyName("who")] string Name, int Count);

    public static class Flows
    {
        [Function("run")]
        public static async Task<IResult> Run(
            [HttpTrigger("get", Route = "run/{name}/{count:int}")] HttpRequest request, string name, int count,
            [DurableClient] DurableTaskClient client, CancellationToken cancellation)
        {
            var options = new StartOrchestrationOptions(request.Query["id"].FirstOrDefault());
            var id = await client.ScheduleNewOrchestrationInstanceAsync("GREET-all", new Request(name, count), options, cancellation);
            return await EndOf(id, client);
        }

        [Function("wait")]
        public static async Task<IResult> Wait([HttpTrigger("get")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
            Results.Text(await client.ScheduleNewOrchestrationInstanceAsync("waiting"));

        [Function("signal")]
        public static async Task<IResult> Signal(
            [HttpTrigger("get", Route = "signal/{id}")] HttpRequest request, string id, [DurableClient] DurableTaskClient client)
        {
            await client.RaiseEventAsync(id, "signal", "go");
            return await EndOf(id, client);
        }

        [Function("greet-all")]
        public static async Task<string> GreetAll([OrchestrationTrigger] TaskOrchestrationContext context, Request input)
        {
            try
            {
                List<string> greetings = [];
                for (var number = 1; number <= input.Count; number++)
                    greetings.Add(await context.CallActivityAsync<string>("greet", input with { Count = number }));
                var sum = await context.CallActivityAsync<int>("sum", Enumerable.Range(1, input.Count).ToArray());
                return $"{string.Join(", ", greetings)}; {sum}";
            }
            catch (TaskFailedException failed)
            {
                return $"{failed.FailureDetails.ErrorType} {failed.FailureDetails.IsCausedBy<TimeoutException>()}: {failed.FailureDetails.ErrorMessage}";
            }
        }

        [Function("waiting")]
        public static Task<string> Waiting([OrchestrationTrigger] TaskOrchestrationContext context) =>
            context.WaitForExternalEvent<string>("signal");

        private static async Task<IResult> EndOf(string id, DurableTaskClient client)
        {
            using var limit = new CancellationTokenSource(Patience);
            var end = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, limit.Token);
            return Results.Text($"{end.RuntimeStatus} {end.SerializedOutput}");
        }
    }

    public sealed class Work(Greeting greeting)
    {
        [Function("greet")]
        public async Task<string> Greet([ActivityTrigger] Request input, FunctionContext context, CancellationToken cancellation)
        {
            Assert.Equal("activityTrigger", context.FunctionDefinition.InputBindings["input"].Type);
            await Task.Delay(1, cancellation);
            return input.Name == "broken" ? throw new TimeoutException("too late") : greeting.For(input.Name, input.Count);
        }

        [Function("sum")]
        public static int Sum([ActivityTrigger] int[] numbers) => numbers.Sum();
    }

    /// <summary>Payloads that the serializer of Microsoft.DurableTask alone and that of the Functions worker read differently.</summary>
    public static class Payloads
    {
        [Function("payloads")]
        public static async Task<IResult> Start([HttpTrigger("get")] HttpRequest request, [DurableClient] DurableTaskClient client)
        {
            var id = await client.ScheduleNewOrchestrationInstanceAsync("exchange", new { WHO = "Ada", COUNT = 3 });
            using var limit = new CancellationTokenSource(Patience);
            var end = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, limit.Token);
            return Results.Text($"{end.RuntimeStatus} {end.SerializedOutput}");
        }

        [Function("exchange")]
        public static async Task<string> Exchange([OrchestrationTrigger] TaskOrchestrationContext context, Request input)
        {
            var told = await context.CallActivityAsync<string>("tell", new { Who = "Eve", count = 4 });
            var (number, _) = await context.CallActivityAsync<(int, int)>("pair");
            return $"{input.Name} {input.Count}, {told}, {number}";
        }

        [Function("tell")]
        public static string Tell([ActivityTrigger] Request input) => $"{input.Name} {input.Count}";

        [Function("pair")]
        public static (int Number, int Other) Pair([ActivityTrigger] object? input) => (5, 6);
    }

    public static class Mistakes
    {
        [Function("two-inputs")]
        public static Task TwoInputs([OrchestrationTrigger] TaskOrchestrationContext context, int first, int second) => Task.CompletedTask;

        [Function("client")]
        public static Task Client([OrchestrationTrigger] TaskOrchestrationContext context, [DurableClient] DurableTaskClient client) =>
            Task.CompletedTask;

        [Function("one")]
        public static void One([ActivityTrigger(Activity = "same")] string input)
        {
        }

        [Function("two")]
        public static void Two([ActivityTrigger(Activity = "Same")] string input)
        {
        }
    }
}
