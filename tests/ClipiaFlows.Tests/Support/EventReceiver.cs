using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.Tests.Support;

/// <summary>One call of a webhook, as it came over the socket.</summary>
internal sealed record ReceivedEvent(string Id, string Timestamp, string Signature, string ContentType, byte[] Body, int Answered)
{
    public JsonElement Json { get; } = JsonElement.Parse(Body);

    public string Type => Json.GetProperty("type").GetString()!;
}

/// <summary>A consumer of webhooks on a real socket; a test says what it answers.</summary>
internal sealed class EventReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EventReceiver(WebApplication app) => _app = app;

    public ConcurrentQueue<ReceivedEvent> Calls { get; } = new();

    public IEnumerable<ReceivedEvent> Taken => Calls.Where(call => call.Answered is >= 200 and < 300);

    /// <summary>The status of the next answers.</summary>
    public int Status { get; set; } = 204;

    public string? RetryAfter { get; set; }

    /// <summary>Where the next answers redirect to.</summary>
    public Uri? Location { get; set; }

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/hook?secret=yes");

    public static async Task<EventReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new EventReceiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext call)
    {
        using var body = new MemoryStream();
        await call.Request.Body.CopyToAsync(body);
        var headers = call.Request.Headers;
        Calls.Enqueue(new(headers["webhook-id"]!, headers["webhook-timestamp"]!, headers["webhook-signature"]!, call.Request.ContentType!, body.ToArray(), Status));
        call.Response.StatusCode = Status;
        if (RetryAfter is not null)
            call.Response.Headers.RetryAfter = RetryAfter;
        if (Location is not null)
            call.Response.Headers.Location = Location.AbsoluteUri;
    }
}
