using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.Azurite.Tests.Telemetry;

/// <summary>Receives traces, metrics and logs over OTLP (http/protobuf) on a free loopback port, and keeps them.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<byte[]> _all = new();
    private readonly ConcurrentQueue<ReceivedSpan> _spans = new();
    private readonly ConcurrentDictionary<string, ReceivedPoint> _points = new();

    private OtlpReceiver(WebApplication app) => _app = app;

    public IReadOnlyList<ReceivedSpan> Spans => [.. _spans];

    /// <summary>The last value of every metric, by name and attributes.</summary>
    public IReadOnlyList<ReceivedPoint> Points => [.. _points.Values];

    /// <summary>Settings that send the app's telemetry here, quickly.</summary>
    public Dictionary<string, string> Settings => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _app.Urls.Single(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
    };

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver.Map("/v1/traces", request => receiver.Add(ReceivedSpan.Of(request)));
        receiver.Map("/v1/metrics", request => receiver.Add(ReceivedPoint.Of(request)));
        receiver.Map("/v1/logs", _ => { });
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Every request as it was received.</summary>
    public IReadOnlyList<byte[]> Bodies => [.. _all];

    /// <summary>Whether a text was anywhere in what was received.</summary>
    public bool Holds(string text)
    {
        var wanted = Encoding.UTF8.GetBytes(text);
        return _all.Any(body => body.AsSpan().IndexOf(wanted) >= 0);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private void Add(IEnumerable<ReceivedSpan> spans)
    {
        foreach (var span in spans)
            _spans.Enqueue(span);
    }

    private void Add(IEnumerable<ReceivedPoint> points)
    {
        foreach (var point in points)
            _points[$"{point.Name}|{string.Join('|', point.Attributes.OrderBy(tag => tag.Key, StringComparer.Ordinal))}"] = point;
    }

    private void Map(string path, Action<ProtobufMessage> take) => _app.MapPost(path, async (HttpRequest request) =>
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        _all.Enqueue(body.ToArray());
        take(new ProtobufMessage(body.ToArray()));
        return Results.Bytes([], "application/x-protobuf");
    });
}
