using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Clipia;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

/// <summary>Rotating secrets while a batch runs, as docs/operations.md tells to.</summary>
public sealed class RotationTests : IDisposable
{
    private const string NewSecret = "whsec_of_the_next_quarter";
    private readonly HttpClient _http = new();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task WebhookSecret_RotatedDuringABatch_LosesNoDelivery()
    {
        var settings = new Dictionary<string, string>();
        await using var stack = await RunningStack.StartAsync(imageSeconds: 6, appSettings: settings);
        var oldSecret = stack.Local.WebhookSecret;
        var accepted = await stack.SubmitAsync(Campaigns.ImagesOnly(8));
        await stack.WhenAsync(accepted.Id, jobs => jobs.Generating > 0);

        await RestartAsync(stack, settings, ("Clipia__WebhookSecret", NewSecret), ("Clipia__PreviousWebhookSecret", oldSecret));
        var address = await AnAddressAsync(stack);
        Assert.Equal(HttpStatusCode.Accepted, await DeliverAsync(address, oldSecret));
        Assert.Equal(HttpStatusCode.Accepted, await DeliverAsync(address, NewSecret));
        // What Clipia still signs with the old secret comes through, and no result had to be asked for.
        Assert.True((await stack.FinishAsync(accepted.Id)).IsSuccess);
        await Eventually.TrueAsync(
            async () => await AcceptedDeliveriesAsync(stack) == 8, TimeSpan.FromMinutes(2), () => "A delivery was not accepted.");

        await RestartAsync(stack, settings, ("Clipia__WebhookSecret", NewSecret), ("Clipia__PreviousWebhookSecret", NewSecret));
        Assert.Equal(HttpStatusCode.Unauthorized, await DeliverAsync(address, oldSecret));
        Assert.Equal(HttpStatusCode.Accepted, await DeliverAsync(address, NewSecret));
    }

    [Fact]
    public async Task ApiKey_RotatedDuringABatch_PausesAndResumesWithoutAFailedJob()
    {
        var settings = new Dictionary<string, string>();
        await using var stack = await RunningStack.StartAsync(imageSeconds: 3, appSettings: settings);
        var before = await stack.Emulator.LedgerAsync();
        var accepted = await stack.SubmitAsync(Campaigns.ImagesOnly(30));
        await stack.WhenAsync(accepted.Id, jobs => jobs.Generating > 0);

        var newKey = await RevokeAllAndCreateAsync(stack);
        await Eventually.TrueAsync(
            async () => (await stack.App.GetBatchAsync(accepted.Id, CancellationToken.None)).State == "Paused",
            TimeSpan.FromMinutes(2), () => "The batch did not pause.");
        await RestartAsync(stack, settings, ("Clipia__ApiKey", newKey));
        using var resumed = await _http.PostAsync(new Uri(stack.Local.AppUrl, $"api/batches/{accepted.Id}/resume"), null);
        // It goes on by itself too, and may have done so before.
        Assert.True(resumed.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.Conflict, $"{resumed.StatusCode}");

        var batch = await stack.FinishAsync(accepted.Id);
        Assert.Equal((30, 0), (batch.Jobs.Succeeded, batch.Jobs.Failed));
        await ChargedOnce.VerifyAsync(stack, batch, before);
    }

    private static async Task RestartAsync(RunningStack stack, Dictionary<string, string> settings, params (string Name, string Value)[] changes)
    {
        await stack.Local.StopAppAsync();
        foreach (var (name, value) in changes)
            settings[name] = value;
        await stack.Local.StartAppAsync();
    }

    private async Task<string> RevokeAllAndCreateAsync(RunningStack stack)
    {
        var keys = new Uri(stack.Local.EmulatorUrl, "_local/keys");
        using var created = await _http.PostAsJsonAsync(keys, new { name = "rotated", environment = "live" });
        var key = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString()!;
        foreach (var old in (await _http.GetFromJsonAsync<JsonElement>(keys)).GetProperty("keys").EnumerateArray())
        {
            if (!key.StartsWith(old.GetProperty("prefix").GetString()!, StringComparison.Ordinal))
                (await _http.DeleteAsync(new Uri(keys, $"keys/{old.GetProperty("id").GetString()}"))).EnsureSuccessStatusCode();
        }

        return key;
    }

    private static async Task<string> AnAddressAsync(RunningStack stack) =>
        (await stack.Emulator.GetAsync("requests")).GetProperty("requests")[0].GetProperty("webhook_url").GetString()!;

    /// <summary>A genuine delivery for a request of somebody else: accepted or refused, and without effect.</summary>
    private async Task<HttpStatusCode> DeliverAsync(string address, string secret)
    {
        var body = Encoding.UTF8.GetBytes("""{"request_id":"another","status":"ERROR","error":{"code":"GENERATION_FAILED","message":"x"}}""");
        using var delivery = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        delivery.Content.Headers.ContentType = new("application/json");
        delivery.Headers.Add(WebhookSignature.HeaderName, WebhookSignature.Sign(body, secret, DateTimeOffset.UtcNow));
        using var answer = await _http.SendAsync(delivery);
        return answer.StatusCode;
    }

    private static async Task<int> AcceptedDeliveriesAsync(RunningStack stack) => (await stack.Emulator.GetAsync("deliveries"))
        .GetProperty("deliveries").EnumerateArray()
        .Where(attempt => attempt.TryGetProperty("status", out var status) && status.GetInt32() == 202)
        .Select(attempt => attempt.GetProperty("request_id").GetString())
        .Distinct().Count();
}
