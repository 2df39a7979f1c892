using ClipiaFlows.LocalRuntime.Durable.Rpc;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Grpc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClipiaFlows.LocalRuntime.Tests.Support;

/// <summary>Serves an engine over gRPC on a port of its own, with a genuine client for it.</summary>
internal sealed class TaskHubServer : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly GrpcChannel _channel;

    private TaskHubServer(WebApplication server)
    {
        _server = server;
        _channel = GrpcChannel.ForAddress(server.Urls.Single());
        Calls = new(_channel);
        Client = new GrpcDurableTaskClient("test", new GrpcDurableTaskClientOptions { Channel = _channel }, NullLogger.Instance);
    }

    public DurableTaskClient Client { get; }

    public Microsoft.DurableTask.Protobuf.TaskHubSidecarService.TaskHubSidecarServiceClient Calls { get; }

    /// <param name="engine">The client of the engine that runs at the moment.</param>
    public static async Task<TaskHubServer> StartAsync(Func<DurableTaskClient> engine)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listener => listener.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddTransient(_ => new TaskHubService(engine()));
        var server = builder.Build();
        server.MapGrpcService<TaskHubService>();
        await server.StartAsync();
        return new(server);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        _channel.Dispose();
        await _server.DisposeAsync();
    }
}
