using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Clipia.Emulator;

namespace Clipia.Benchmarks;

/// <summary>An emulator with a database on disk, in this process: server and clients share the cores.</summary>
internal sealed class Target : IAsyncDisposable
{
    private const string Key = "clipia_live_benchmark0123456789";

    private readonly EmulatorApi _api;

    private Target(EmulatorApi api)
    {
        _api = api;
        Http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = api.BaseUrl };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    public HttpClient Http { get; }

    public static async Task<Target> StartAsync() => new(await EmulatorApi.StartAsync(new()
    {
        LiveKey = Key,
        Credits = 1_000_000_000,
        RequestsPerMinute = int.MaxValue,
        Concurrency = int.MaxValue,
    }));

    public async Task<(int Status, string? RequestId)> SubmitAsync(string idempotencyKey, string prompt)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/models/flux-2-pro")
        {
            Content = new StringContent($$$"""{"input":{"prompt":"{{{prompt}}}"}}""", new MediaTypeHeaderValue("application/json")),
            Headers = { { "Idempotency-Key", idempotencyKey } },
        };
        using var response = await Http.SendAsync(request);
        if (!response.IsSuccessStatusCode)
            return ((int)response.StatusCode, null);
        using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return (200, body.RootElement.GetProperty("request_id").GetString());
    }

    public async Task<int> GetAsync(string path)
    {
        using var response = await Http.GetAsync(path);
        return (int)response.StatusCode;
    }

    public Task<JsonElement> LedgerAsync() => Http.GetFromJsonAsync<JsonElement>("/_local/ledger");

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _api.DisposeAsync();
    }
}
