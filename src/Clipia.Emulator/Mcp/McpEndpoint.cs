using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Clipia.Emulator;

/// <summary>
/// POST /mcp: streamable HTTP without sessions. Each message gets a server of its own and one JSON answer; there is nothing
/// to listen to and nothing to end, so GET and DELETE are refused.
/// </summary>
internal static class McpEndpoint
{
    private static readonly ListToolsResult Tools = new() { Tools = McpSchemas.Tools };

    public static void Map(WebApplication app, McpTools tools, KeyRing keys)
    {
        app.MapPost("/mcp", Task<IResult> (HttpContext http) => AnswerAsync(http, app.Services, tools, keys));
        app.MapMethods("/mcp", [HttpMethods.Get, HttpMethods.Delete], () => new RefusalResult(Errors.WrongMethod("POST")));
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, IServiceProvider services, McpTools tools, KeyRing keys)
    {
        if (!IsFromHere(http.Request.Headers.Origin.ToString()))
            return new RefusalResult(Errors.ForeignOrigin);
        if (keys.Authenticate(http.Request.Headers) is not { } key)
            return new RefusalResult(Errors.InvalidApiKey);
        if (await ReadAsync(http) is not { } message)
            return new RefusalResult(Errors.InvalidRequest("The body must be one JSON-RPC message in UTF-8 of at most 1 MiB."));

        var logs = services.GetRequiredService<ILoggerFactory>();
        await using var transport = new StreamableHttpServerTransport(logs) { Stateless = true };
        await using var server = McpServer.Create(transport, OptionsFor(new(http, key), tools), logs, services);
        var running = server.RunAsync(http.RequestAborted);

        using var events = new MemoryStream();
        var answered = await transport.HandlePostRequestAsync(message, events, http.RequestAborted);
        await transport.DisposeAsync();
        await running;
        return answered ? Results.Text(AnswerIn(events), "application/json", Encoding.UTF8) : Results.StatusCode(StatusCodes.Status202Accepted);
    }

    private static McpServerOptions OptionsFor(McpCall call, McpTools tools) => new()
    {
        ServerInfo = new() { Name = "clipia-emulator", Version = typeof(McpEndpoint).Assembly.GetName().Version!.ToString(3) },
        Capabilities = new() { Tools = new() },
        Handlers = new()
        {
            ListToolsHandler = (_, _) => ValueTask.FromResult(Tools),
            CallToolHandler = async (request, cancellation) => await tools.CallAsync(call, request.Params, cancellation),
        },
    };

    private static async Task<JsonRpcMessage?> ReadAsync(HttpContext http)
    {
        try
        {
            if (await RequestBody.ReadBytesAsync(http.Request) is not { } bytes || !Utf8.IsValid(bytes.Span))
                return null;
            using var document = JsonDocument.Parse(bytes);
            RequestBody.CheckStrings(document.RootElement);
            return document.Deserialize<JsonRpcMessage>(McpJsonUtilities.DefaultOptions);
        }
        catch (Exception unreadable) when (unreadable is JsonException or BadHttpRequestException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The transport writes events; without notifications there is one, the answer.</summary>
    private static string AnswerIn(MemoryStream events)
    {
        events.Position = 0;
        return SseParser.Create(events).Enumerate().Last(item => item.Data.Length > 0).Data;
    }

    /// <summary>A page of another site must not reach the emulator through the browser of whoever runs it.</summary>
    private static bool IsFromHere(string origin) =>
        origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.IsLoopback);

    private sealed class RefusalResult(Reply reply) : IResult
    {
        public Task ExecuteAsync(HttpContext http)
        {
            http.Response.StatusCode = reply.Status;
            if (reply.Allow is { } allow)
                http.Response.Headers.Allow = allow;
            if (reply.Status == StatusCodes.Status401Unauthorized)
                http.Response.Headers.WWWAuthenticate = "Bearer";
            return http.Response.WriteAsJsonAsync(reply.Body, WireJson.Options);
        }
    }
}
