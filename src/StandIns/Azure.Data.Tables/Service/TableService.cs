using System.Net;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables;

/// <summary>One account's Table service: where it is, how it is talked to, and as whom.</summary>
internal sealed class TableService
{
    private const string StorageScope = "https://storage.azure.com/.default";

    private readonly HttpPipeline _pipeline;
    private readonly string _version;

    private TableService(Uri endpoint, string accountName, HttpPipelinePolicy authentication, TableClientOptions options)
    {
        options ??= new TableClientOptions();
        Endpoint = new Uri(endpoint.AbsoluteUri.TrimEnd('/'));
        AccountName = accountName;
        _version = options.VersionString;
        _pipeline = HttpPipelineBuilder.Build(new HttpPipelineOptions(options)
        {
            RequestFailedDetailsParser = ErrorParser.Shared,
            PerRetryPolicies = { authentication },
        });
    }

    public Uri Endpoint { get; }

    public string AccountName { get; }

    public static TableService Connect(string connectionString, TableClientOptions options)
    {
        var (endpoint, credential) = TableConnectionString.Parse(connectionString);
        return Connect(endpoint, credential, options);
    }

    public static TableService Connect(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        return new(endpoint, credential.AccountName, new SharedKeyPolicy(credential), options);
    }

    public static TableService Connect(Uri endpoint, TokenCredential credential, TableClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        return new(endpoint, AccountOf(endpoint), new BearerTokenAuthenticationPolicy(credential, StorageScope), options);
    }

    /// <summary>A request for <paramref name="path"/> under the endpoint; path and query are percent-encoded already.</summary>
    public HttpMessage CreateMessage(RequestMethod method, string path, string query = "")
    {
        var message = _pipeline.CreateMessage();
        Fill(message.Request, method, path, query);
        message.Request.Headers.SetValue("x-ms-version", _version);
        return message;
    }

    /// <summary>A request that is not sent by itself but as a part of a transaction.</summary>
    public Request CreatePart(RequestMethod method, string path)
    {
        var request = _pipeline.CreateRequest();
        Fill(request, method, path, "");
        return request;
    }

    /// <summary>Sends the message, with retries; any answer but the <paramref name="expected"/> ones is thrown.</summary>
    public async Task<Response> SendAsync(HttpMessage message, CancellationToken cancellationToken, params int[] expected)
    {
        message.ResponseClassifier = new StatusCodeClassifier(Array.ConvertAll(expected, status => (ushort)status));
        await _pipeline.SendAsync(message, cancellationToken).ConfigureAwait(false);
        return expected.Contains(message.Response.Status)
            ? message.Response
            : throw new RequestFailedException(message.Response);
    }

    private void Fill(Request request, RequestMethod method, string path, string query)
    {
        request.Method = method;
        request.Uri.Reset(new Uri($"{Endpoint.AbsoluteUri}/{path}{query}"));
        request.Headers.SetValue("DataServiceVersion", "3.0");
        request.Headers.SetValue(HttpHeader.Names.Accept, "application/json;odata=minimalmetadata");
    }

    /// <summary>The host's first label; in the emulator, which has no host per account, the first segment of the path.</summary>
    private static string AccountOf(Uri endpoint) =>
        endpoint.IsLoopback || IPAddress.TryParse(endpoint.DnsSafeHost, out _)
            ? endpoint.AbsolutePath.Trim('/').Split('/')[0]
            : endpoint.Host.Split('.')[0];
}
