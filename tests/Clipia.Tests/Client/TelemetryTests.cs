using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Clipia.Tests.Support;

namespace Clipia.Tests.Client;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Call_ThrottledOnce_IsOneSpanAndCountsRetryAnd429()
    {
        await using var api = await FakeApi.StartAsync(
            Answers.Error(429, "rate_limit_exceeded", ("Retry-After", "1")), Answers.Json(Some.SubmitAnswer));
        // Other tests run beside this one; the slug and the parent tell its own measurements apart.
        var slug = $"m-{Guid.NewGuid()}";
        using var parent = new Activity("test").Start();
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ClipiaTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);

        await Some.Client(api).Queue.SubmitAsync(slug, Some.Input);

        var span = Assert.Single(spans, span => span.ParentId == parent.Id);
        Assert.Equal("clipia.submit", span.DisplayName);
        Assert.Equal(ActivityKind.Client, span.Kind);
        Assert.Equal(slug, span.GetTagItem("clipia.model"));
        Assert.Equal(200, span.GetTagItem("http.response.status_code"));
        Assert.Equal(2, span.GetTagItem("clipia.answers"));
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
    }

    [Fact]
    public async Task Call_Refused_IsASpanWithTheError()
    {
        await using var api = await FakeApi.StartAsync(Answers.Error(402, "insufficient_credits"));
        using var parent = new Activity("test").Start();
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ClipiaTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);

        await Assert.ThrowsAsync<ClipiaException>(() => Some.Client(api).Queue.SubmitAsync("m", Some.Input));

        var span = Assert.Single(spans, span => span.ParentId == parent.Id);
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Equal("insufficient_credits", span.GetTagItem("error.type"));
    }

    [Fact]
    public async Task Meter_CallThrottledOnce_CountsEverything()
    {
        await using var api = await FakeApi.StartAsync(
            Answers.Error(429, "rate_limit_exceeded", ("Retry-After", "1")), Answers.Json("""{"credits":4}"""));
        var mark = new AsyncLocal<bool>();
        var measured = new ConcurrentQueue<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == ClipiaTelemetry.SourceName)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Note(instrument.Name, value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Note(instrument.Name, value >= 0 ? 1 : -1));
        listener.Start();

        mark.Value = true;
        await Some.Client(api).Models.EstimateAsync("m", Some.Input);
        mark.Value = false;

        Assert.Equal(
            ["clipia.client.call.duration 1", "clipia.client.calls 1", "clipia.client.retries 1", "clipia.client.throttled 1"],
            measured.Order(StringComparer.Ordinal));

        void Note(string name, long value)
        {
            if (mark.Value)
                measured.Enqueue($"{name} {value}");
        }
    }
}
