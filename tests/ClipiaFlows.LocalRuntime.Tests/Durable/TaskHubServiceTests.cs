using ClipiaFlows.LocalRuntime.Tests.Support;
using Grpc.Core;
using P = Microsoft.DurableTask.Protobuf;
using static ClipiaFlows.LocalRuntime.Tests.Durable.WaitingFlow;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

[OverGrpc]
public sealed class TaskHubServiceTests
{
    [Fact]
    public async Task Rewind_AnyInstance_IsUnimplementedWithASentence()
    {
        await using var engine = await WaitingAsync();

        var exception = await Assert.ThrowsAsync<NotImplementedException>(() => engine.Client.RewindInstanceAsync("w", "again"));

        Assert.Equal("The local host cannot rewind instances; restart them instead.", exception.Message);
    }

    [Fact]
    public async Task Entities_AnyCall_IsUnimplementedWithASentence()
    {
        await using var engine = await WaitingAsync();

        var exceptions = new[]
        {
            await Assert.ThrowsAsync<RpcException>(async () => await engine.Rpc.GetEntityAsync(new P.GetEntityRequest { InstanceId = "@a@b" })),
            await Assert.ThrowsAsync<RpcException>(async () => await engine.Rpc.SignalEntityAsync(new P.SignalEntityRequest { InstanceId = "@a@b" })),
            await Assert.ThrowsAsync<RpcException>(async () => await engine.Rpc.QueryEntitiesAsync(new P.QueryEntitiesRequest())),
            await Assert.ThrowsAsync<RpcException>(async () => await engine.Rpc.CleanEntityStorageAsync(new P.CleanEntityStorageRequest())),
        };

        Assert.All(exceptions, exception => Assert.Equal(
            (StatusCode.Unimplemented, "The local host has no durable entities."), (exception.StatusCode, exception.Status.Detail)));
    }

    [Fact]
    public async Task GetInstance_UnknownId_DoesNotExist()
    {
        await using var engine = await WaitingAsync();

        Assert.False((await engine.Rpc.GetInstanceAsync(new P.GetInstanceRequest { InstanceId = "nobody" })).Exists);
    }

    [Fact]
    public async Task Call_EmptyInstanceId_IsInvalidArgument()
    {
        await using var engine = await WaitingAsync();

        var exception = await Assert.ThrowsAsync<RpcException>(async () => await engine.Rpc.RaiseEventAsync(new P.RaiseEventRequest { Name = "go" }));

        Assert.Equal(StatusCode.InvalidArgument, exception.StatusCode);
    }

    [Fact]
    public async Task Restart_UnknownOrRunningInstance_IsRefused()
    {
        await using var engine = await WaitingAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => engine.Client.RestartAsync("nobody"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.Client.RestartAsync("w"));
    }

    [Fact]
    public async Task Start_ReusePolicyAllowsEveryStatus_ReplacesTheRunningInstance()
    {
        await using var engine = await WaitingAsync();
        var policy = new P.OrchestrationIdReusePolicy();
        policy.ReplaceableStatus.AddRange(Enum.GetValues<P.OrchestrationStatus>());

        var response = await engine.Rpc.StartInstanceAsync(new P.CreateInstanceRequest
        {
            InstanceId = "w", Name = "wait", Input = "\"second\"", OrchestrationIdReusePolicy = policy,
        });

        Assert.Equal("w", response.InstanceId);
        Assert.Equal("second", (await engine.GetAsync("w")).ReadInputAs<string>());
    }
}
