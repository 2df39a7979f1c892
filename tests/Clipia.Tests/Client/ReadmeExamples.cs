using Clipia.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Clipia.Tests.Client;

/// <summary>The examples of src/Clipia.Client/README.md, which repeats what stands between the marks.</summary>
public sealed class ReadmeExamples
{
    [Fact]
    public async Task Subscribe()
    {
        await using var api = await FakeApi.StartAsync(
            Answers.Json("""{"request_id":"r1","status":"COMPLETED","cost":4}"""),
            Answers.Json("""{"request_id":"r1","status":"COMPLETED","output":{"images":[{"url":"https://media.clipia.ai/works/1.webp"}]}}"""));
        var clipia = Some.Client(api);
        var written = new StringWriter();
        IProgress<RequestState>? progress = null;

        // <subscribe>
        var input = new GenerationInput { Prompt = "a lighthouse at dawn", AspectRatio = "16:9", NumImages = 2 };
        var result = await clipia.SubscribeAsync("nano-banana-2", input, progress: progress);

        foreach (var file in result.Files)
            written.WriteLine(file.BestUrl);
        // </subscribe>

        Assert.Equal("https://media.clipia.ai/works/1.webp", written.ToString().Trim());
    }

    [Fact]
    public void Register()
    {
        var services = new ServiceCollection();
        Func<string, string?> secret = _ => Some.ApiKey;

        // <register>
        services.AddClipiaClient(options =>
        {
            options.ApiKey = secret("CLIPIA_API_KEY") ?? "";
            options.RetryBudget = TimeSpan.FromMinutes(2);
        });
        // </register>

        using var provider = services.BuildServiceProvider();
        Assert.NotNull(provider.GetRequiredService<ClipiaClient>());
    }

    [Fact]
    public async Task Resend()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(Some.SubmitAnswer));
        var clipia = Some.Client(api);
        var input = Some.Input;
        var webhook = new Uri("https://example.com/hooks/clipia");
        (byte[] Body, string Key) stored = default;

        // <resend>
        var body = QueueClient.CreateBody(input, webhook);
        var key = Guid.NewGuid().ToString();
        stored = (body, key);   // in your database, before the first send

        var submission = await clipia.Queue.SubmitAsync("nano-banana-2", stored.Body, stored.Key);
        // </resend>

        Assert.Equal("r1", submission.RequestId.Value);
    }

    [Fact]
    public async Task Options()
    {
        await using var api = await FakeApi.StartAsync(Answers.Json(Some.AccountAnswer));
        var clipia = Some.Client(api);

        // <options>
        var account = await clipia.Account.GetAsync(new CallOptions { Timeout = TimeSpan.FromSeconds(5), MaxAttempts = 2 });
        var detail = account.Raw.GetProperty("account_id");
        // </options>

        Assert.Equal("acc1", detail.GetString());
    }

    [Fact]
    public async Task Watch()
    {
        await using var api = await FakeApi.StartAsync(
            Answers.Json("""{"request_id":"r1","status":"IN_PROGRESS","progress":45}"""),
            Answers.Json("""{"request_id":"r1","status":"COMPLETED"}"""));
        var clipia = Some.Client(api);
        var requestId = new RequestId("r1");
        var written = new StringWriter();

        // <watch>
        await foreach (var state in clipia.Requests.WatchAsync(requestId))
            written.WriteLine($"{state.Status} {state.Progress}");

        var result = await clipia.Requests.GetResultAsync(requestId);
        // </watch>

        Assert.Equal("r1", result.RequestId.Value);
        Assert.StartsWith("IN_PROGRESS 45", written.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failures()
    {
        await using var api = await FakeApi.StartAsync(Answers.Error(402, "insufficient_credits"));
        var clipia = Some.Client(api);
        var input = Some.Input;
        var done = "";

        // <failures>
        try
        {
            await clipia.Queue.SubmitAsync("nano-banana-2", input);
        }
        catch (ClipiaException e) when (e.Code == ClipiaErrorCodes.InsufficientCredits)
        {
            done = "top up";
        }
        catch (ClipiaException e) when (e.IsOutcomeUnknown)
        {
            done = $"send the same body again under {e.IdempotencyKey}";
        }
        catch (ClipiaException e) when (e.IsTransient)
        {
            done = $"try later, in {e.RetryAfter}";
        }
        // </failures>

        Assert.Equal("top up", done);
    }

    [Fact]
    public void Webhook()
    {
        ReadOnlyMemory<byte> body = """{"request_id":"r1","status":"OK"}"""u8.ToArray();
        var now = DateTimeOffset.FromUnixTimeSeconds(1717243200);
        var header = WebhookSignature.Sign(body.Span, "previous", now);
        string[] secrets = ["current", "previous"];
        var seen = "";

        // <webhook>
        var check = WebhookSignature.Verify(header, body.Span, secrets, now, WebhookSignature.DefaultTolerance);
        if (check == SignatureCheck.Valid && WebhookDelivery.TryParse(body, out var delivery))
            seen = $"{delivery.RequestId}: {delivery.Status}";
        // </webhook>

        Assert.Equal("r1: OK", seen);
    }
}
