using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using ClipiaFlows.Cli.Stack;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>A proxy in front of Azurite's blob and table services that decides the fate of every request.</summary>
internal sealed partial class FaultyStorage : IAsyncDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);
    private static readonly HashSet<string> PerHop = new(StringComparer.OrdinalIgnoreCase) { "Connection", "Keep-Alive", "Transfer-Encoding", "Host" };

    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None, UseProxy = false });
    private readonly AzuriteProcess _azurite;
    private readonly ConcurrentDictionary<string, int> _tries = new();
    private readonly ConcurrentDictionary<StorageFate, int> _fates = new();
    private int _blobPort;
    private int _requests;

    private FaultyStorage(WebApplication app, AzuriteProcess azurite) => (_app, _azurite) = (app, azurite);

    /// <summary>Decides; called for each request, from several threads.</summary>
    public Func<StorageCall, StorageFate> Decide { get; set; } = _ => StorageFate.Served;

    /// <summary>Requests since the last reset.</summary>
    public int Requests => _requests;

    /// <summary>The most often that the client library sent one request.</summary>
    public int MostTries => _tries.Values.DefaultIfEmpty().Max();

    /// <summary>Requests that were sent again.</summary>
    public int Retries => _tries.Values.Sum(tries => tries - 1);

    /// <summary>Requests that did not come through as they should.</summary>
    public int Struck => _fates.Where(fate => fate.Key != StorageFate.Served).Sum(fate => fate.Value);

    /// <summary>A connection string for this proxy.</summary>
    public string ConnectionString { get; private set; } = "";

    public static async Task<FaultyStorage> StartAsync(AzuriteProcess azurite)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var proxy = new FaultyStorage(builder.Build(), azurite);
        proxy._app.Run(proxy.HandleAsync);
        await proxy._app.StartAsync();
        var addresses = proxy._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address)).ToList();
        proxy._blobPort = addresses[0].Port;
        proxy.ConnectionString =
            $"DefaultEndpointsProtocol=http;AccountName={AzuriteProcess.AccountName};AccountKey={AzuriteProcess.AccountKey};" +
            $"BlobEndpoint=http://127.0.0.1:{addresses[0].Port}/{AzuriteProcess.AccountName};TableEndpoint=http://127.0.0.1:{addresses[1].Port}/{AzuriteProcess.AccountName};";
        return proxy;
    }

    /// <summary>Serves everything from now on, and counts from zero.</summary>
    public void Reset()
    {
        Decide = _ => StorageFate.Served;
        _tries.Clear();
        _fates.Clear();
        _requests = 0;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var call = CallOf(context.Request, body.ToArray());
        Interlocked.Increment(ref _requests);
        if (context.Request.Headers["x-ms-client-request-id"].ToString() is { Length: > 0 } id)
            _tries.AddOrUpdate(id, 1, (_, tries) => tries + 1);
        var fate = Decide(call);
        _fates.AddOrUpdate(fate, 1, (_, count) => count + 1);
        switch (fate)
        {
            case StorageFate.Busy:
                context.Response.Headers.RetryAfter = "1";
                await RefuseAsync(context, 503, "ServerBusy");
                return;
            case StorageFate.Error:
                await RefuseAsync(context, 500, "InternalError");
                return;
            case StorageFate.Slow:
                await Task.Delay(Delay, context.RequestAborted);
                break;
            case StorageFate.AnswerLost or StorageFate.DoneButError or StorageFate.DoneTwice:
                (await ForwardAsync(context, call, body.ToArray())).Dispose();
                break;
        }

        if (fate is StorageFate.AnswerLost)
            context.Abort();
        else if (fate is StorageFate.DoneButError)
            await RefuseAsync(context, 500, "OperationTimedOut");
        else
            await AnswerAsync(context, await ForwardAsync(context, call, body.ToArray()));
    }

    private StorageCall CallOf(HttpRequest request, byte[] body)
    {
        var path = request.Path.Value![(AzuriteProcess.AccountName.Length + 1)..].TrimStart('/');
        var isBlob = request.HttpContext.Connection.LocalPort == _blobPort;
        var partition = isBlob
            ? null
            : Partition().Match(Uri.UnescapeDataString(request.GetEncodedPathAndQuery())) is { Success: true } named
                ? named.Groups["key"].Value
                : Partition().Match(Encoding.UTF8.GetString(body)) is { Success: true } within ? within.Groups["key"].Value : null;
        return new StorageCall(isBlob ? "blob" : "table", request.Method, path, partition);
    }

    private async Task<HttpResponseMessage> ForwardAsync(HttpContext context, StorageCall call, byte[] body)
    {
        var target = call.Service == "blob" ? _azurite.BlobEndpoint : _azurite.TableEndpoint;
        using var request = new HttpRequestMessage(new HttpMethod(call.Method), new Uri($"{target.GetLeftPart(UriPartial.Authority)}{context.Request.GetEncodedPathAndQuery()}"));
        if (body.Length > 0 || context.Request.ContentLength is not null)
            request.Content = new ByteArrayContent(body);
        foreach (var header in context.Request.Headers.Where(header => !PerHop.Contains(header.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(header.Key, header.Value.ToArray()))
                request.Content?.Headers.TryAddWithoutValidation(header.Key, header.Value.ToArray());
        }

        return await _http.SendAsync(request, context.RequestAborted);
    }

    private static async Task AnswerAsync(HttpContext context, HttpResponseMessage answer)
    {
        using (answer)
        {
            context.Response.StatusCode = (int)answer.StatusCode;
            foreach (var header in answer.Headers.Concat(answer.Content.Headers).Where(header => !PerHop.Contains(header.Key)))
                context.Response.Headers[header.Key] = header.Value.ToArray();
            if (context.Request.Method != "HEAD" && context.Response.StatusCode is not (204 or 304))
                await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }

    private static async Task RefuseAsync(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        context.Response.Headers["x-ms-error-code"] = code;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsJsonAsync(new Dictionary<string, object>
        {
            ["odata.error"] = new { code, message = new { lang = "en-US", value = code } },
        });
    }

    [GeneratedRegex("PartitionKey(=| eq )'(?<key>[^']*)'|\"PartitionKey\":\"(?<key>[^\"]*)\"")]
    private static partial Regex Partition();
}
