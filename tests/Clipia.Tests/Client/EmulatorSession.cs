using System.Net.Http.Json;
using System.Text.Json;
using Clipia.Emulator;

namespace Clipia.Tests.Client;

/// <summary>An emulator in real time, whose generations take a fifth of a second, and clients for its keys.</summary>
public sealed class EmulatorSession : IAsyncDisposable
{
    public static readonly WaitOptions Quickly = new() { PollInterval = TimeSpan.FromMilliseconds(100), Timeout = TimeSpan.FromMinutes(1) };

    private readonly EmulatorApi _api;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    private EmulatorSession(EmulatorApi api) => _api = api;

    public Uri Url => _api.BaseUrl;

    public string WebhookSecret => _api.WebhookSecret;

    public ClipiaClient Live => Client(_api.LiveKey!);

    public ClipiaClient Test => Client(_api.TestKey!);

    public static async Task<EmulatorSession> StartAsync(EmulatorOptions? options = null) =>
        new(await EmulatorApi.StartAsync(options ?? new() { ImageSeconds = 0.2, VideoSeconds = 0.2, WebhookRetryScale = 0.01 }));

    public ClipiaClient Client(string key, Action<ClipiaClientOptions>? configure = null, TimeProvider? time = null)
    {
        var options = new ClipiaClientOptions { BaseUrl = _api.BaseUrl, ApiKey = key };
        configure?.Invoke(options);
        return new ClipiaClient(_http, options, time);
    }

    public ClipiaClient LiveWith(Action<ClipiaClientOptions> configure) => Client(_api.LiveKey!, configure);

    /// <summary>A client whose pauses are over at once and are recorded by the clock.</summary>
    public ClipiaClient LiveOn(TimeProvider time) => Client(_api.LiveKey!, time: time);

    public Task<HttpResponseMessage> GetAsync(Uri url) => _http.GetAsync(url);

    public async Task<JsonElement> ControlAsync(string path, object body)
    {
        using var response = await _http.PostAsJsonAsync(new Uri(_api.BaseUrl, $"/_local/{path}"), body);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task RemoveAsync(string path)
    {
        using var response = await _http.DeleteAsync(new Uri(_api.BaseUrl, $"/_local/{path}"));
        response.EnsureSuccessStatusCode();
    }

    public Task<JsonElement> ReadAsync(string path) => _http.GetFromJsonAsync<JsonElement>(new Uri(_api.BaseUrl, $"/_local/{path}"));

    public Task<byte[]> DownloadAsync(Uri url) => _http.GetByteArrayAsync(url);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _api.DisposeAsync();
    }
}
