using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Clipia.Shared;

namespace Clipia.Emulator;

/// <summary>
/// Sends webhooks: signed anew each time, 6 attempts, redirects not followed. What is not finished is stored, so an attempt
/// that a crash interrupts is made again.
/// </summary>
internal sealed class WebhookSender : IAsyncDisposable
{
    public static readonly TimeSpan SandboxDelay = TimeSpan.FromMilliseconds(100);

    private const int MaxAttempts = 6;
    private const int MaxAtOnce = 64;
    private const double LongestHoldInSeconds = 30;
    private static readonly int[] PausesInSeconds = [10, 30, 90, 270, 810];

    private readonly EmulatorOptions _options;
    private readonly string _secret;
    private readonly Journal _journal;
    private readonly DueQueue _due;
    private readonly Scenarios _scenarios;
    private readonly ConcurrentQueue<Delivery> _deliveries = new();
    private readonly ConcurrentQueue<Delivery> _held = new();
    private readonly SemaphoreSlim _slots = new(MaxAtOnce);
    private readonly CancellationTokenSource _stopping = new();
    private readonly HttpClient _http;
    private long _lastSequence;

    public WebhookSender(EmulatorOptions options, string secret, Journal journal, DueQueue due, Scenarios scenarios)
    {
        (_options, _secret, _journal, _due, _scenarios) = (options, secret, journal, due, scenarios);
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, Proxy = EnvironmentProxy.OfProcess })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public IEnumerable<Delivery> All => _deliveries;

    /// <summary>The emulator's own address now; replaces an origin whose port belonged to an earlier process.</summary>
    public Uri BaseUrl { get; set; } = new("http://127.0.0.1");

    /// <summary>Makes the announcement of an ended generation. The caller stores it with <see cref="Store"/>, then calls <see cref="Begin(Delivery)"/>.</summary>
    public Delivery Create(Generation generation)
    {
        var occasion = Occasion.Of(generation);
        var now = _options.Time.GetUtcNow();
        var delay = _scenarios.Match(Effects.DelayWebhook, occasion)?.Seconds ?? 0;
        var reorder = _scenarios.Match(Effects.ReorderWebhooks, occasion);
        var heldFor = reorder is null ? 0 : reorder.Seconds ?? LongestHoldInSeconds;
        var delivery = new Delivery(Interlocked.Increment(ref _lastSequence), Guid.NewGuid().ToString(), generation)
        {
            Dropped = _scenarios.Match(Effects.DropWebhook, occasion) is not null,
            Duplicated = _scenarios.Match(Effects.DuplicateWebhook, occasion) is not null,
            FirstAt = now + TimeSpan.FromSeconds(delay + heldFor) + (generation.Key.IsTest ? SandboxDelay : TimeSpan.Zero),
        };
        if (delivery.Dropped)
            delivery.Add(new(1, now, null, "dropped by scenario"));
        _deliveries.Enqueue(delivery);
        if (reorder is not null && !delivery.Dropped)
            _held.Enqueue(delivery);
        return delivery;
    }

    /// <summary>Part of the change that ends the generation, so that a crash cannot come between the two.</summary>
    public static void Store(Tables tables, Delivery delivery)
    {
        tables.Save(delivery, delivery.Dropped ? null : delivery.FirstAt);
        if (delivery.Dropped)
            tables.Save(delivery, delivery.Attempts[0], null);
    }

    public void Begin(Delivery delivery)
    {
        if (!delivery.Dropped)
            ScheduleFirst(delivery, delivery.FirstAt);
    }

    /// <summary>Takes over a delivery of an earlier process.</summary>
    public void Load(Delivery delivery)
    {
        _lastSequence = Math.Max(_lastSequence, delivery.Sequence);
        delivery.Generation.Delivery = delivery;
        _deliveries.Enqueue(delivery);
    }

    /// <summary>Goes on with a delivery of an earlier process; <paramref name="nextAt"/> is null when it is finished.</summary>
    public void Begin(Delivery delivery, DateTimeOffset? nextAt)
    {
        if (nextAt is { } at)
            Schedule(delivery, at);
    }

    /// <summary>Makes the next attempt now and plans the one after it.</summary>
    public async Task AttemptAsync(Delivery delivery)
    {
        try
        {
            await _slots.WaitAsync(_stopping.Token);
            DeliveryAttempt attempt;
            try
            {
                attempt = await SendAsync(delivery);
            }
            finally
            {
                _slots.Release();
            }

            delivery.Add(attempt);
            var next = NextAfter(delivery, attempt);
            await _journal.Append(tables => tables.Save(delivery, attempt, next));
            if (next is { } at)
                Schedule(delivery, at);
            LetHeldFollow(delivery);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stored as not sent; the next start sends it.
        }
        catch (InvalidOperationException) when (_stopping.IsCancellationRequested)
        {
            // Answered after the database was closed: the next start sends it again.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _http.Dispose();
    }

    private void Schedule(Delivery delivery, DateTimeOffset at) => _due.Schedule(at, () => _ = AttemptAsync(delivery));

    private void ScheduleFirst(Delivery delivery, DateTimeOffset at) => _due.Schedule(at, () =>
    {
        if (delivery.TryLeave())
            _ = AttemptAsync(delivery);
    });

    /// <summary>A delivery that was held back by scenario goes out once a later one has.</summary>
    private void LetHeldFollow(Delivery sent)
    {
        while (_held.TryPeek(out var held) && held.Sequence < sent.Sequence && _held.TryDequeue(out held))
        {
            if (held.TryLeave())
                _ = AttemptAsync(held);
        }
    }

    private DateTimeOffset? NextAfter(Delivery delivery, DeliveryAttempt attempt)
    {
        var now = _options.Time.GetUtcNow();
        if (_scenarios.Match(Effects.RepeatWebhook, Occasion.Of(delivery.Generation)) is { } repeat)
            return now + TimeSpan.FromSeconds(repeat.Seconds ?? 1);
        if (attempt.Succeeded)
        {
            var again = delivery.Duplicated;
            delivery.Duplicated = false;
            return again ? now : null;
        }
        return attempt.Attempt < MaxAttempts
            ? now + TimeSpan.FromSeconds(PausesInSeconds[attempt.Attempt - 1] * _options.WebhookRetryScale)
            : null;
    }

    private async Task<DeliveryAttempt> SendAsync(Delivery delivery)
    {
        var now = _options.Time.GetUtcNow();
        var number = delivery.Attempts.Count + 1;
        using var request = CreateRequest(delivery, now.ToUnixTimeSeconds());
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        timeout.CancelAfter(_options.WebhookTimeout);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            return new(number, now, (int)response.StatusCode, null);
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            return new(number, now, null, "timeout");
        }
        catch (Exception failure) when (!_stopping.IsCancellationRequested)
        {
            return new(number, now, null, failure is HttpRequestException http ? http.HttpRequestError.ToString() : failure.GetType().Name);
        }
    }

    private HttpRequestMessage CreateRequest(Delivery delivery, long unixSeconds)
    {
        var generation = delivery.Generation;
        var body = JsonSerializer.SerializeToUtf8Bytes(WebhookBody.Of(generation, OriginOf(generation)), WireJson.Options);
        var forged = _scenarios.Match(Effects.WrongSignature, Occasion.Of(generation)) is not null;
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, generation.WebhookUrl) { Content = content };
        request.Headers.Add("X-Clipia-Webhook-Id", delivery.Id);
        request.Headers.Add("X-Clipia-Timestamp", unixSeconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("X-Clipia-Signature", WebhookSignature.Sign(body, forged ? "whsec_wrong" : _secret, unixSeconds));
        request.Headers.UserAgent.ParseAdd("Clipia-Webhooks/1.0");
        return request;
    }

    private string OriginOf(Generation generation) =>
        Uri.TryCreate(generation.Origin, UriKind.Absolute, out var origin) && origin.Port == BaseUrl.Port
            ? generation.Origin
            : BaseUrl.GetLeftPart(UriPartial.Authority);
}
