using System.Security.Cryptography;
using System.Text.Json;
using Clipia;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>Where a delivery stands.</summary>
internal enum DeliveryState
{
    None,
    Due,
    Taken,
    Dropped,
}

/// <summary>One accepted, and so paid, submission.</summary>
internal sealed record Generation(int Number, string Key, string BodyHash, string? WebhookUrl, DateTimeOffset At)
{
    public const decimal Cost = 4;

    public string RequestId => $"00000000-0000-4000-8000-{Number:D12}";

    public string Status { get; set; } = "IN_QUEUE";

    public DeliveryState Delivery { get; set; }

    public bool WasRepeated { get; set; }

    public bool HasEnded => Status is "COMPLETED" or "FAILED" or "CANCELED";

    public string Instance => new Uri(WebhookUrl!).Segments[^2].TrimEnd('/');

    public string Token => new Uri(WebhookUrl!).Segments[^1];
}

/// <summary>
/// The Clipia API as far as the product meets it (clipia-api.md): idempotency keys for 24 hours, the ledger, statuses and
/// what a delivery says. ApiModelTests compares it with the emulator.
/// </summary>
internal sealed class ApiModel(TimeProvider time)
{
    public const decimal Granted = 1000;
    private static readonly TimeSpan KeyIsGoodFor = TimeSpan.FromHours(24);

    public List<Generation> Generations { get; } = [];

    public decimal Charged => Generations.Count(one => one.Status == "COMPLETED") * Generation.Cost;

    public decimal Reserved => Generations.Count(one => !one.HasEnded) * Generation.Cost;

    public decimal Balance => Granted - Charged - Reserved;

    public (int Status, object Body) Submit(string idempotencyKey, byte[] body)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(body));
        var known = Generations.Find(one => one.Key == idempotencyKey && time.GetUtcNow() - one.At < KeyIsGoodFor);
        if (known is not null && known.BodyHash != hash)
            return Error(409, ClipiaErrorCodes.IdempotencyKeyReuse);
        if (known is null && Balance < Generation.Cost)
            return Error(402, ClipiaErrorCodes.InsufficientCredits);
        if (known is null)
        {
            using var json = JsonDocument.Parse(body);
            var webhook = json.RootElement.TryGetProperty("webhook_url", out var url) ? url.GetString() : null;
            known = new(Generations.Count + 1, idempotencyKey, hash, webhook, time.GetUtcNow());
            Generations.Add(known);
        }

        return (200, new { request_id = known.RequestId, status = known.Status, cost = Generation.Cost });
    }

    /// <summary>Ends a generation: charge or refund, and a delivery.</summary>
    public static void End(Generation generation, string status)
    {
        generation.Status = status;
        if (generation.WebhookUrl is not null)
            generation.Delivery = DeliveryState.Due;
    }

    public (int Status, object Body) Result(string requestId) => Generations.Find(one => one.RequestId == requestId) switch
    {
        null => Error(404, "not_found"),
        { HasEnded: false } running => (202, new { request_id = requestId, status = running.Status }),
        { Status: "COMPLETED" } => (200, new { request_id = requestId, status = "COMPLETED", output = OutputOf(requestId), cost = Generation.Cost }),
        { Status: "FAILED" } => (200, new { request_id = requestId, status = "FAILED", error = new { code = "GENERATION_FAILED", message = "It failed." } }),
        var canceled => (200, new { request_id = requestId, status = canceled.Status }),
    };

    public (int Status, object Body) Account() => (200, new { balance = new { credits = Balance } });

    public static (int Status, object Body) Estimate() => (200, new { credits = Generation.Cost });

    /// <summary>The body of a delivery.</summary>
    public static byte[] DeliveryOf(string requestId, string status) => JsonSerializer.SerializeToUtf8Bytes<object>(status == "COMPLETED"
        ? new { request_id = requestId, status = "OK", payload = new { output = OutputOf(requestId), cost = Generation.Cost } }
        : new { request_id = requestId, status = "ERROR", error = new { code = $"GENERATION_{status}", message = "It has no output." } });

    public static (int Status, object Body) Error(int status, string code) =>
        (status, new { error = new { type = "some_error", code, message = "Caused by the exploration." } });

    private static object OutputOf(string requestId) =>
        new { images = new[] { new { url = $"https://media.example/{requestId}.png", width = 8, height = 8 } } };
}
