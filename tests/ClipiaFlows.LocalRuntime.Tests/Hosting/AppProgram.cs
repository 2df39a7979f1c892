using ClipiaFlows.LocalRuntime.Hosting.Startup;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Hosting;

namespace ClipiaFlows.LocalRuntime.Tests.Hosting;

/// <summary>The test assembly as an app of its own, for tests that need a process to end or to kill.</summary>
public static class AppProgram
{
    public static void Main(string[] args)
    {
        var builder = new FunctionsApplicationBuilder(args, new LocalHostSetup
        {
            Includes = type => type == typeof(AppProgram),
            AppDirectory = Environment.CurrentDirectory,
        });
        builder.ConfigureFunctionsWebApplication();
        builder.Build().Run();
    }

    [Function("start")]
    public static async Task<IResult> Start(
        [HttpTrigger("get", Route = "start/{id}")] HttpRequest request, string id, [DurableClient] DurableTaskClient client) =>
        Results.Text(await client.ScheduleNewOrchestrationInstanceAsync("flow", new StartOrchestrationOptions(id)));

    [Function("finish")]
    public static async Task<IResult> Finish(
        [HttpTrigger("get", Route = "finish/{id}")] HttpRequest request, string id, [DurableClient] DurableTaskClient client)
    {
        await client.RaiseEventAsync(id, "finish");
        var end = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, request.HttpContext.RequestAborted);
        return Results.Text($"{end.RuntimeStatus} {end.ReadOutputAs<int>()}");
    }

    [Function("flow")]
    public static async Task<int> Flow([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var first = await context.CallActivityAsync<int>("process", context.InstanceId);
        await context.WaitForExternalEvent<object>("finish");
        return first;
    }

    [Function("process")]
    public static int ProcessId([ActivityTrigger] string instanceId) => Environment.ProcessId;
}
