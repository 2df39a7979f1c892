using System.Globalization;
using System.Text.Json;
using ClipiaFlows.Azurite.Tests.EndToEnd;

namespace ClipiaFlows.Azurite.Tests.Telemetry;

/// <summary>What an OTLP receiver sees of the local build.</summary>
public sealed class OneJobTests
{
    private const string Prompt = "A heron that nobody but this test knows";

    /// <summary>Seen only when something goes wrong that does not in this test.</summary>
    private static readonly string[] OnlyInTrouble = ["clipia.client.retries"];

    [Fact]
    public async Task OneJob_WithAReceiver_IsOneConnectedTraceAndTheDocumentedMetrics()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        // A quicker clock, so that the watchdog's minute is over sooner.
        await using var stack = await RunningStack.StartAsync(clockScale: 3, imageSeconds: 3, appSettings: receiver.Settings);
        await stack.Emulator.MisbehaveAsync(new { effect = "throttle", first = 1, retry_after = 1 });

        var batch = await stack.RunAsync(JsonSerializer.SerializeToUtf8Bytes(new
        {
            version = 1,
            name = "One",
            jobs = new[] { new { id = "only", model = "nano-banana-2", input = new { prompt = Prompt, resolution = "1K" } } },
        }));
        Assert.True(batch.IsSuccess);
        await Eventually.TrueAsync(() => Task.FromResult(Missing(receiver).Count == 0), TimeSpan.FromSeconds(120), () => string.Join(", ", Missing(receiver)));

        OneConnectedTrace(receiver.Spans, batch.Id);
        NamesAndUnitsAreTheDocumentedOnes(receiver.Points);
        NothingSecret(receiver, stack);
    }

    private static List<string> Missing(OtlpReceiver receiver)
    {
        var spans = receiver.Spans.Select(span => span.Name).ToHashSet();
        var metrics = receiver.Points.Select(point => point.Name).ToHashSet();
        string[] steps = ["batch.accept", "batch.plan", "batch.advance", "job.submit", "webhook.receive", "job.copy", "output.store", "batch.finish"];
        return [.. steps.Except(spans), .. DocumentedMetrics.Metrics.Select(metric => metric.Name).Except(OnlyInTrouble).Except(metrics)];
    }

    private static void OneConnectedTrace(IReadOnlyList<ReceivedSpan> all, string batch)
    {
        var root = Assert.Single(all, span => span.Name == "batch.accept");
        var trace = all.Where(span => span.Trace == root.Trace).ToList();
        var ids = trace.Select(span => span.Id).ToHashSet();

        Assert.Equal(batch, root.Attributes["clipiaflows.batch"]);
        Assert.Empty(root.Parent);
        Assert.All(trace.Where(span => span != root), span => Assert.Contains(span.Parent, ids));
        // Whatever speaks of the job is in it, and so are the calls and the copy that were made for it.
        Assert.All(all.Where(span => span.Attributes.ContainsKey("clipiaflows.job")), span => Assert.Equal(root.Trace, span.Trace));
        Assert.Contains(trace, span => span.Name == "clipia.submit" && trace.Any(step => step.Id == span.Parent && step.Name == "job.submit"));
        Assert.Contains(trace, span => span.Name == "output.store" && trace.Any(step => step.Id == span.Parent && step.Name == "job.copy"));

        var delivery = Assert.Single(trace, span => span.Name == "webhook.receive");
        var submission = trace.First(span => span.Id == Assert.Single(delivery.Links).Span);
        Assert.Equal("job.submit", submission.Name);
        Assert.Equal("0", delivery.Attributes["clipiaflows.job"]);
        Assert.All(all.Where(span => span.Scope.StartsWith("Clipia", StringComparison.Ordinal)), span => Assert.Contains(span.Name, DocumentedMetrics.Spans));
    }

    private static void NamesAndUnitsAreTheDocumentedOnes(IReadOnlyList<ReceivedPoint> points)
    {
        var ours = points.Where(point => point.Name.StartsWith("clipia", StringComparison.Ordinal)).ToList();

        Assert.All(ours, point => Assert.Contains((point.Name, point.Kind, point.Unit), DocumentedMetrics.Metrics));
        Assert.Equal(1, Sum("clipiaflows.job.outcomes", "clipiaflows.state", "Succeeded"));
        Assert.Equal(1, Sum("clipiaflows.batch.outcomes", "clipiaflows.state", "Completed"));
        Assert.Equal(1, Sum("clipiaflows.submissions", "clipiaflows.outcome", "accepted"));
        Assert.Equal(1, Sum("clipiaflows.webhook.deliveries", "clipiaflows.outcome", "accepted"));
        Assert.Equal(1, Sum("clipiaflows.results", "clipiaflows.via", "webhook"));
        Assert.Equal(1, Sum("clipiaflows.copies"));
        Assert.Equal(1, Sum("clipiaflows.resume.latency"));
        Assert.True(Sum("clipia.client.throttled") >= 1);
        Assert.True(Sum("clipiaflows.credits.spent") > 0);

        double Sum(string name, string? tag = null, string? value = null) =>
            ours.Where(point => point.Name == name && (tag is null || point.Attributes.GetValueOrDefault(tag) == value)).Sum(point => point.Value);
    }

    private static void NothingSecret(OtlpReceiver receiver, RunningStack stack)
    {
        string[] secrets = [Prompt, stack.Local.LiveKey, stack.Local.WebhookSecret, stack.Local.CallbackKey, "v1=", "/api/webhooks/clipia/j-"];

        Assert.All(secrets, secret => Assert.False(receiver.Holds(secret), string.Create(CultureInfo.InvariantCulture, $"'{secret}' is in the telemetry.")));
        Assert.True(receiver.Holds("clipiaflows.batch"));
    }
}
