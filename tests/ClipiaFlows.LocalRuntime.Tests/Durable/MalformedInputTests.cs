using ClipiaFlows.LocalRuntime.Tests.Support;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

public class MalformedInputTests
{
    [Fact]
    public async Task CallActivity_ResultOf5MB_ComesBackWhole()
    {
        const int Size = 5 * 1024 * 1024;
        await using var engine = new EngineHarness();
        engine
            .Activity("big", _ => new string('x', Size))
            .Orchestrator("flow", async context => (await context.CallActivityAsync<string>("big")).Length);
        await engine.StartAsync();

        Assert.Equal(Size, (await engine.RunAsync("flow")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task CallActivity_ExceptionTextOf64KB_ArrivesWhole()
    {
        var text = new string('e', 64 * 1024);
        await using var engine = new EngineHarness();
        engine
            .Activity("break", _ => throw new InvalidDataException(text))
            .Orchestrator("flow", async context =>
            {
                var failed = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync("break"));
                return failed.FailureDetails.ErrorMessage == text;
            });
        await engine.StartAsync();

        Assert.True((await engine.RunAsync("flow")).ReadOutputAs<bool>());
    }

    [Fact]
    public async Task Orchestrator_ThrowsATextOf64KB_FailsWithIt()
    {
        var text = new string('e', 64 * 1024);
        await using var engine = new EngineHarness();
        engine.Orchestrator("flow", _ => throw new InvalidDataException(text));
        await engine.StartAsync();

        var end = await engine.RunAsync("flow");

        Assert.Equal((OrchestrationRuntimeStatus.Failed, text), (end.RuntimeStatus, end.FailureDetails!.ErrorMessage));
    }

    [Fact]
    public async Task CallActivity_ResultOfAnotherType_FailsTheOrchestratorThatReadsIt()
    {
        await using var engine = new EngineHarness();
        engine
            .Activity("word", _ => "seven")
            .Orchestrator("flow", async context => await context.CallActivityAsync<int>("word"));
        await engine.StartAsync();

        var end = await engine.RunAsync("flow");

        Assert.Equal("System.Text.Json.JsonException", end.FailureDetails!.ErrorType);
    }

    [Fact]
    public async Task GetInput_InputOfAnotherType_FailsTheInstance()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("flow", context => Task.FromResult<object?>(context.GetInput<int>()));
        await engine.StartAsync();

        var end = await engine.RunAsync("flow", new { not = "a number" });

        Assert.Equal("System.Text.Json.JsonException", end.FailureDetails!.ErrorType);
    }

    [Fact]
    public async Task ScheduleNew_UnknownOrchestrator_FailsTheInstance()
    {
        await using var engine = await new EngineHarness().StartAsync();

        var end = await engine.RunAsync("nobody");

        Assert.Equal("OrchestratorTaskNotFound", end.FailureDetails!.ErrorType);
    }

    [Theory]
    [InlineData("'); DROP TABLE instances; --")]
    [InlineData("naïve 🎬 id/with?signs#and%20more")]
    public async Task ScheduleNew_StrangeInstanceId_IsTakenAsItIs(string id)
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("wait", async context => await context.WaitForExternalEvent<string>("go"));
        await engine.StartAsync();

        await engine.Client.ScheduleNewOrchestrationInstanceAsync("wait", null, new StartOrchestrationOptions(id));
        await engine.Client.RaiseEventAsync(id, "go", "x");

        var end = await engine.EndOfAsync(id);
        Assert.Equal((id, "x"), (end.InstanceId, end.ReadOutputAs<string>()));
    }

    [Fact]
    public async Task WaitForExternalEvent_TypeRefusesThePayload_FailsTheInstance()
    {
        await using var engine = new EngineHarness();
        engine.Orchestrator("flow", async context =>
        {
            context.SetCustomStatus("waiting");
            return (await context.WaitForExternalEvent<Positive>("e")).Value;
        });
        await engine.StartAsync();
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("flow", new StartOrchestrationOptions("i"));
        await engine.UntilStatusAsync("i", "waiting");

        await engine.Client.RaiseEventAsync("i", "e", new { Value = -1 });
        var end = await engine.EndOfAsync("i");

        Assert.Equal((OrchestrationRuntimeStatus.Failed, "System.ArgumentOutOfRangeException"), (end.RuntimeStatus, end.FailureDetails!.ErrorType));
    }

    [Fact]
    public async Task Orchestrator_OutputThatCannotBeRead_FailsTheInstance()
    {
        await using var engine = await new EngineHarness().Orchestrator("flow", _ => Task.FromResult<object?>(new Unreadable())).StartAsync();

        var end = await engine.RunAsync("flow");

        Assert.Equal((OrchestrationRuntimeStatus.Failed, "System.InvalidOperationException"), (end.RuntimeStatus, end.FailureDetails!.ErrorType));
    }

    private sealed class Positive
    {
        private readonly int _value;

        public int Value
        {
            get => _value;
            init => _value = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
        }
    }

    private sealed class Unreadable(bool isReady = false)
    {
        public int Value => isReady ? 1 : throw new InvalidOperationException("not yet");
    }
}
