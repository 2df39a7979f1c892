using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Clipia.Shared;

namespace ClipiaFlows.Cli.Api;

/// <summary>Talks to the app over HTTP. Every failure is a <see cref="CommandFailure"/> that says what to do about it.</summary>
internal sealed class AppClient : IDisposable
{
    /// <summary>The most jobs that one answer holds.</summary>
    public const int PageSize = 200;

    private readonly HttpClient _http;
    private readonly Uri _root;
    private readonly Answers _answers;

    private const int MaxRedirects = 5;
    private const int MaxEmptyPages = 1000;
    private static readonly TimeSpan MinPlanPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxPlanPause = TimeSpan.FromMinutes(1);

    /// <param name="root">Root of the app, without <c>/api</c>.</param>
    /// <param name="key">Function key; needed in the cloud only.</param>
    /// <param name="readTimeout">How long an answer that has begun may pause. Default: 100 s.</param>
    public AppClient(Uri root, string? key, TimeSpan? readTimeout = null)
    {
        _root = root;
        _answers = new Answers(root, readTimeout ?? TimeSpan.FromSeconds(100));
        // The handler would send the function key to wherever a redirect leads.
        _http = new HttpClient(new SocketsHttpHandler { Proxy = EnvironmentProxy.OfProcess, AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri(root.AbsoluteUri.TrimEnd('/') + "/api/"), Timeout = TimeSpan.FromSeconds(100),
        };
        if (!string.IsNullOrEmpty(key))
            _http.DefaultRequestHeaders.Add("x-functions-key", key);
    }

    /// <summary>
    /// Hands a manifest over. The same key and manifest give the same batch, however often they are sent; without a key each
    /// call makes a batch of its own, named after the manifest.
    /// </summary>
    public Task<Accepted> SubmitAsync(byte[] manifest, string? idempotencyKey, CancellationToken cancellation) =>
        SubmitAsync(() => JsonOf(manifest), idempotencyKey, plan: null, strict: false, cancellation);

    /// <summary>
    /// The same for any content; with the hash of a plan, the app starts exactly that plan or refuses, and a strict call is refused
    /// when the manifest has warnings.
    /// </summary>
    public async Task<Accepted> SubmitAsync(
        Func<HttpContent> manifest, string? idempotencyKey, string? plan, bool strict, CancellationToken cancellation)
    {
        var query = $"?strict={(strict ? "true" : "false")}{(plan is null ? "" : "&plan=" + Uri.EscapeDataString(plan))}";
        using var request = new HttpRequestMessage(HttpMethod.Post, "batches" + query) { Content = manifest() };
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await SendAsync(request, mayRedirect: false, cancellation);
        var raw = await _answers.ReadAsync(response, cancellation);
        var accepted = _answers.As<Accepted>(raw) with { Raw = raw };
        // It names a folder later.
        return BatchId.IsValid(accepted.Id)
            ? accepted
            : throw new CommandFailure($"The app at {_root} gave the batch the id '{TerminalText.OnOneLine(accepted.Id)}', which is none.");
    }

    /// <summary>What a batch of the manifest would be. Some prices may be missing; the same call again goes on with them.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="jobs">How many jobs to list: a number or <c>all</c>.</param>
    /// <param name="strict">Whether a manifest with warnings is refused.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<Plan> PlanAsync(Func<HttpContent> manifest, string jobs, bool strict, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"batches?dryRun=true&jobs={jobs}&strict={(strict ? "true" : "false")}") { Content = manifest() };
        using var response = await SendAsync(request, mayRedirect: false, cancellation);
        var raw = await _answers.ReadAsync(response, cancellation);
        var goOnAfter = response.StatusCode is HttpStatusCode.Accepted
            ? TimeSpan.FromTicks(Math.Clamp((response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1)).Ticks, MinPlanPause.Ticks, MaxPlanPause.Ticks))
            : (TimeSpan?)null;
        return _answers.As<Plan>(raw) with { Raw = raw, GoOnAfter = goOnAfter };
    }

    /// <summary>The state of a batch, under the id that was asked for whatever the answer says.</summary>
    public async Task<Batch> GetBatchAsync(string id, CancellationToken cancellation)
    {
        using var response = await GetAsync(PathOf(id), cancellation);
        var raw = await _answers.ReadAsync(response, cancellation);
        return _answers.As<Batch>(raw) with { Id = id, Raw = raw };
    }

    /// <summary>The first jobs of a batch in this state, or in any; at most <see cref="PageSize"/>.</summary>
    public async Task<IReadOnlyList<Job>> GetJobsAsync(string id, string? state, CancellationToken cancellation)
    {
        var filter = state is null ? "" : "&state=" + Uri.EscapeDataString(state);
        using var response = await GetAsync($"{PathOf(id)}/jobs?limit={PageSize}{filter}", cancellation);
        return _answers.As<JobPage>(await _answers.ReadAsync(response, cancellation)).Jobs;
    }

    /// <summary>
    /// All entries of a list, page by page, until there are as many as wanted; a page may be empty and yet not the last.
    /// </summary>
    /// <param name="path">The list's path, without a query.</param>
    /// <param name="member">The name under which a page holds its entries.</param>
    /// <param name="filter">Query parameters; those without a value are left out.</param>
    /// <param name="most">The most entries wanted.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async IAsyncEnumerable<JsonElement> ListAsync(
        string path, string member, IReadOnlyList<(string Name, string? Value)> filter, int most,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var query = string.Concat(filter
            .Where(one => !string.IsNullOrEmpty(one.Value))
            .Select(one => $"&{one.Name}={Uri.EscapeDataString(one.Value!)}"));
        string? continuation = null;
        var emptyPages = 0;
        do
        {
            var from = continuation is null ? "" : "&continuation=" + Uri.EscapeDataString(continuation);
            using var response = await GetAsync($"{path}?limit={Math.Min(most, PageSize)}{query}{from}", cancellation);
            var page = _answers.PageOf(await _answers.ReadAsync(response, cancellation), member);
            emptyPages++;
            foreach (var entry in page.Entries)
            {
                emptyPages = 0;
                yield return entry;
                if (--most == 0)
                    yield break;
            }

            if (page.Continuation is { } next && (next == continuation || emptyPages > MaxEmptyPages))
                throw _answers.Foreign(null);
            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    /// <summary>An answer as it comes.</summary>
    public async Task<JsonElement> GetJsonAsync(string path, CancellationToken cancellation)
    {
        using var response = await GetAsync(path, cancellation);
        return await _answers.ReadAsync(response, cancellation);
    }

    /// <summary>Reads an answer, or a part of one, as that type.</summary>
    public T As<T>(JsonElement raw) where T : class => _answers.As<T>(raw);

    /// <summary>Where something of a batch is, below the root of the API.</summary>
    public static string PathOf(string batch, string part = "") => "batches/" + Uri.EscapeDataString(batch) + part;

    /// <summary>The address of a path, for a browser.</summary>
    public Uri AddressOf(string path) => new(_http.BaseAddress!, path);

    /// <summary>Copies an answer to a stream; failures of the stream are its own.</summary>
    public async Task CopyAsync(string path, Stream target, long maxBytes, CancellationToken cancellation)
    {
        using var response = await GetAsync(path, cancellation);
        try
        {
            await using var body = await _answers.BodyOfAsync(response, maxBytes, cancellation);
            await body.CopyToAsync(target, cancellation);
        }
        catch (BodyException broken)
        {
            throw new CommandFailure($"The answer of {_root} {broken.Message}.", ExitCodes.NotReachable, broken);
        }
    }

    /// <summary>The finished jobs of a batch with their prompts.</summary>
    public async IAsyncEnumerable<Job> GetResultsAsync(string id, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var response = await GetAsync($"{PathOf(id)}/results", cancellation);
        await foreach (var line in _answers.ReadLinesAsync(response, cancellation))
            yield return _answers.As<Job>(line) with { Raw = line };
    }

    /// <summary>Writes one file of a batch to a stream.</summary>
    public Task DownloadAsync(string id, JobOutput output, Stream target, CancellationToken cancellation) =>
        CopyAsync(
            PathOf(id, "/outputs/" + string.Join('/', output.Path.Split('/').Select(Uri.EscapeDataString))), target,
            output.Bytes ?? Answers.MaxBytes, cancellation);

    /// <summary>Issues a command; the same operation id is the same operation, however often it is sent.</summary>
    /// <param name="method">How it is sent.</param>
    /// <param name="id">The batch.</param>
    /// <param name="verb">What follows the batch in the path; empty for the batch itself.</param>
    /// <param name="arguments">The JSON body, or <c>null</c> for none.</param>
    /// <param name="operationId">The operation's id.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<Operation> CommandAsync(
        HttpMethod method, string id, string verb, object? arguments, string operationId, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, PathOf(id) + verb);
        request.Headers.Add("Idempotency-Key", operationId);
        if (arguments is not null)
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(arguments))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            };
        using var response = await SendAsync(request, mayRedirect: false, cancellation);
        return OperationOf(await _answers.ReadAsync(response, cancellation));
    }

    /// <summary>What became of a command.</summary>
    public async Task<Operation> GetOperationAsync(string id, string operationId, CancellationToken cancellation)
    {
        using var response = await GetAsync($"{PathOf(id)}/operations/{Uri.EscapeDataString(operationId)}", cancellation);
        return OperationOf(await _answers.ReadAsync(response, cancellation));
    }

    /// <summary>What a retry would run and cost.</summary>
    public async Task<RetryPrice> PriceRetryAsync(string id, object? arguments, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, PathOf(id) + "/retry?dryRun=true")
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(arguments ?? new { })),
        };
        using var response = await SendAsync(request, mayRedirect: false, cancellation);
        var raw = await _answers.ReadAsync(response, cancellation);
        return _answers.As<RetryPrice>(raw) with { Raw = raw };
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static ByteArrayContent JsonOf(byte[] manifest)
    {
        var content = new ByteArrayContent(manifest);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private async Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellation)
    {
        var address = AddressOf(path);
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            var response = await SendAsync(request, mayRedirect: redirects < MaxRedirects, cancellation);
            if (!IsRedirect(response))
                return response;
            using (response)
                address = new Uri(address, response.Headers.Location!);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, bool mayRedirect, CancellationToken cancellation)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (HttpRequestException unreachable)
        {
            throw NotReachable("Nothing answers at", unreachable);
        }
        catch (TaskCanceledException slow) when (!cancellation.IsCancellationRequested)
        {
            throw NotReachable("No answer in time from", slow);
        }

        if (response.IsSuccessStatusCode || (mayRedirect && IsRedirect(response) && IsOwn(request.RequestUri!, response.Headers.Location!)))
            return response;
        using (response)
            throw await RefusalAsync(response, cancellation);
    }

    private static bool IsRedirect(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
        && response.Headers.Location is not null;

    /// <summary>True when the function key may go there: the same scheme, host and port.</summary>
    private bool IsOwn(Uri address, Uri location)
    {
        var target = new Uri(address, location);
        return (target.Scheme, target.IdnHost, target.Port) == (_root.Scheme, _root.IdnHost, _root.Port) && target.UserInfo.Length == 0;
    }

    private CommandFailure NotReachable(string what, Exception inner) => new(
        $"{what} {_root}; start the app with `clipiaflows dev`, or say where it runs with --url or CLIPIAFLOWS_URL.",
        ExitCodes.NotReachable, inner);

    private async Task<CommandFailure> RefusalAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var status = response.StatusCode;
        if (status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            return new CommandFailure($"The app at {_root} refuses the function key; set the right one in CLIPIAFLOWS_KEY.");
        if (IsRedirect(response))
            return new CommandFailure(
                $"The app at {_root} redirects to {new Uri(_root, response.Headers.Location!).GetLeftPart(UriPartial.Path)}, where the function key is not sent; "
                + "if that is the app, say so with --url or CLIPIAFLOWS_URL.",
                ExitCodes.NotReachable);
        var body = await _answers.ReadRefusalAsync(response, cancellation);
        var problem = Problem.TryRead(body);
        if (status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed && problem?.Code is null)
            return _answers.Foreign(null);
        var text = problem?.Describe(status) ?? $"The app at {_root} answered {(int)status} {response.ReasonPhrase}.";
        return status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout
            ? new CommandFailure(text, ExitCodes.NotReachable) { Answer = problem is null ? null : body }
            : new CommandFailure(text) { Answer = problem is null ? null : body };
    }

    private Operation OperationOf(JsonElement raw) => _answers.As<Operation>(raw) with { Raw = raw };
}
