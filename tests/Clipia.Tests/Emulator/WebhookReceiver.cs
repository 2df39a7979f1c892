using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Clipia.Tests.Emulator;

/// <summary>Takes webhooks and answers as it is told: 200, unless statuses were lined up.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Hook> _received = new();
    private readonly ConcurrentQueue<int> _statuses = new();

    private WebhookReceiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single() + "/hook";
    public IReadOnlyList<Hook> Received => [.. _received];

    public static async Task<WebhookReceiver> StartAsync(params int[] statuses)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = new WebhookReceiver(builder.Build());
        foreach (var status in statuses)
            receiver._statuses.Enqueue(status);
        receiver._app.Run(receiver.ReceiveAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    public Task CountAsync(int count) => EmulatorFixture.EventuallyAsync(() => Task.FromResult(_received.Count >= count));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        _received.Enqueue(new(headers, body.ToArray()));
        if (!_statuses.TryDequeue(out var status))
            status = 200;
        if (status == 0)
            await Task.Delay(TimeSpan.FromMinutes(1), http.RequestAborted);
        if (status is 301 or 302 or 307)
            http.Response.Headers.Location = "/elsewhere";
        http.Response.StatusCode = status;
    }
}

public sealed record Hook(IReadOnlyDictionary<string, string> Headers, byte[] Bytes)
{
    public JsonElement Body { get; } = JsonDocument.Parse(Bytes).RootElement;
    public string Signature => Headers["X-Clipia-Signature"];
    public string Status => Body.GetProperty("status").GetString()!;
}
