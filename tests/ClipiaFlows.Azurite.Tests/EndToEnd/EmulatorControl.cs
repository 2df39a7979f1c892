using System.Net.Http.Json;
using System.Text.Json;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

/// <summary>What the emulator tells about itself, and how it is told to misbehave.</summary>
internal sealed class EmulatorControl(Uri root) : IDisposable
{
    private static readonly JsonSerializerOptions Wire = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private readonly HttpClient _http = new() { BaseAddress = new Uri(root, "_local/") };

    public async Task<Ledger> LedgerAsync() => (await _http.GetFromJsonAsync<Ledger>("ledger", Wire))!;

    public async Task<JsonElement> GetAsync(string what) => await _http.GetFromJsonAsync<JsonElement>(what, Wire);

    public Task MisbehaveAsync(object scenario) => PostAsync("scenarios", scenario);

    public async Task PostAsync(string what, object body)
    {
        using var answer = await _http.PostAsJsonAsync(what, body, Wire);
        answer.EnsureSuccessStatusCode();
    }

    public async Task PatchAsync(string what, object body)
    {
        using var answer = await _http.PatchAsJsonAsync(what, body, Wire);
        answer.EnsureSuccessStatusCode();
    }

    public async Task DeleteAsync(string what)
    {
        using var answer = await _http.DeleteAsync(new Uri(what, UriKind.Relative));
        answer.EnsureSuccessStatusCode();
    }

    public async Task BehaveAsync()
    {
        using var answer = await _http.DeleteAsync(new Uri("scenarios", UriKind.Relative));
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>What the emulated account was charged, and for what.</summary>
internal sealed record Ledger(decimal Charged, IReadOnlyList<LedgerEntry> Entries);

internal sealed record LedgerEntry(string RequestId, string Model, decimal Cost, string State, string? IdempotencyKey);
