using System.Net.Http.Headers;
using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Clipia;

/// <summary>Sends calls: headers, timeouts and retries are decided here, once for all parts of the API.</summary>
internal sealed class ClipiaTransport
{
    private static readonly ProductInfoHeaderValue UserAgent = new("clipia-sdk-dotnet", Version());
    private static readonly MediaTypeWithQualityHeaderValue AcceptJson = new("application/json");
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient _http;
    private readonly string _baseUrl;
    private readonly string _apiKey;
    private readonly TimeSpan _attemptTimeout;
    private readonly AnswerReader _reader;
    private readonly Retries _retries;
    private readonly RateGate _gate;
    private readonly TimeProvider _time;

    public ClipiaTransport(HttpClient http, ClipiaClientOptions options, TimeProvider time, ILogger logger)
    {
        _http = http;
        _baseUrl = options.BaseUrl.AbsoluteUri.TrimEnd('/');
        _apiKey = options.ApiKey;
        _attemptTimeout = options.AttemptTimeout;
        _reader = new AnswerReader(options.ApiKey, time);
        _gate = new RateGate(time);
        _time = time;
        _retries = new Retries(options.MaxAttempts, options.RetryBudget, time, logger);
    }

    public async Task<T> SendAsync<T>(Call call, Func<Answer, T> read, CancellationToken cancellationToken)
    {
        call.Patience?.ThrowIfOutOfRange();
        using var measured = new MeasuredCall(call);
        try
        {
            var result = await _retries
                .RunAsync(call, (left, cancel) => SendOnceAsync(call, read, measured, left, cancel), cancellationToken)
                .ConfigureAwait(false);
            measured.Succeeded();
            return result;
        }
        catch (ClipiaException e)
        {
            measured.Failed(e.Code);
            throw;
        }
        catch (OperationCanceledException)
        {
            measured.Failed("canceled");
            throw;
        }
    }

    private async Task<T> SendOnceAsync<T>(
        Call call, Func<Answer, T> read, MeasuredCall measured, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var request = CreateRequest(call);
        var ticket = await _gate.EnterAsync(patience, cancellationToken).ConfigureAwait(false);
        // In real time also under a faster or a virtual clock: the other end of the socket does not share it.
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(TimeoutOf(call));
        // Taken now: a handler that follows redirects changes it.
        var asked = request.RequestUri!;
        try
        {
            using var response = await PassGateAsync(request, ticket, limited.Token).ConfigureAwait(false);
            measured.Answered(response.StatusCode);
            return read(await _reader.ReadAsync(asked, response, limited.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ClipiaException("Clipia did not answer in time.", null, ClipiaErrorCodes.Timeout, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ClipiaException(
                $"Clipia could not be reached, or its answer broke off ({Reason(e)}).", null, ClipiaErrorCodes.NetworkError, e);
        }
    }

    private async Task<HttpResponseMessage> PassGateAsync(HttpRequestMessage request, int ticket, CancellationToken cancellationToken)
    {
        HttpResponseMessage? response = null;
        try
        {
            return response = await _http
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
                .ConfigureAwait(false);
        }
        finally
        {
            var now = _time.GetUtcNow();
            _gate.Leave(
                ticket,
                response is null ? null : RateLimitHeaders.Read(response.Headers, now),
                response?.StatusCode == System.Net.HttpStatusCode.TooManyRequests,
                response is null ? null : RetryAfterHeader.Read(response.Headers, now));
        }
    }

    private TimeSpan TimeoutOf(Call call) =>
        call.Patience?.Timeout
        ?? (call.UsualTimeout > TimeSpan.Zero && call.UsualTimeout < _attemptTimeout ? call.UsualTimeout : _attemptTimeout);

    private HttpRequestMessage CreateRequest(Call call)
    {
        var request = new HttpRequestMessage(call.Method, _baseUrl + call.Path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _apiKey);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue(UserAgent.Product!));
        request.Headers.Accept.Add(AcceptJson);
        if (call.IdempotencyKey is { } key)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (call.Body is { } body)
        {
            request.Content = new ReadOnlyMemoryContent(body);
            request.Content.Headers.ContentType = Json;
        }
        return request;
    }

    private static string Reason(Exception e) =>
        e is HttpRequestException { HttpRequestError: var error } ? error.ToString() : e.GetType().Name;

    private static string Version() =>
        typeof(ClipiaTransport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];
}
