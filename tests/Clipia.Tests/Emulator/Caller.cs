using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Clipia.Tests.Emulator;

/// <summary>Speaks to an emulator with plain HTTP, so that no mistake of a client library can hide one of the emulator.</summary>
public sealed class Caller(Uri baseUrl, string? key) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = baseUrl };

    public HttpClient Http => _http;

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Answer> PostAsync(string path, string body, string? idempotencyKey = null) =>
        SendAsync(HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, "application/json"), idempotencyKey);

    public Task<Answer> SubmitAsync(string model, string input, string? webhook = null, string? idempotencyKey = null) =>
        PostAsync($"/v1/models/{model}", webhook is null ? $$"""{"input":{{input}}}""" : $$"""{"input":{{input}},"webhook_url":"{{webhook}}"}""", idempotencyKey);

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await _http.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    public void Dispose() => _http.Dispose();
}

public sealed record Answer(int Status, HttpResponseHeaders Headers, string? ContentType, JsonElement Body)
{
    public string? Code => Body.GetProperty("error").GetProperty("code").GetString();
    public string Id => Text("request_id");
    public string Text(string field) => Body.GetProperty(field).GetString()!;
    public int Number(string field) => Body.GetProperty(field).GetInt32();
    public string Header(string name) => Headers.GetValues(name).Single();

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement;
        return new((int)response.StatusCode, response.Headers, response.Content.Headers.ContentType?.ToString(), body);
    }
}
