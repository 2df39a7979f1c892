using System.Diagnostics;
using System.Net;

namespace Clipia;

/// <summary>One call as telemetry sees it: a span and a duration, from the first attempt to the end.</summary>
internal sealed class MeasuredCall : IDisposable
{
    private readonly string _operation;
    private readonly Activity? _span;
    private readonly long _started = Stopwatch.GetTimestamp();
    private string? _error = "unexpected";
    private int _answers;

    public MeasuredCall(Call call)
    {
        _operation = call.Operation;
        _span = ClipiaTelemetry.Source.StartActivity($"clipia.{call.Operation}", ActivityKind.Client);
        _span?.SetTag("clipia.operation", call.Operation);
        if (call.Model is not null)
            _span?.SetTag("clipia.model", call.Model);
    }

    public void Answered(HttpStatusCode status)
    {
        _answers++;
        _span?.SetTag("http.response.status_code", (int)status);
        if (status == HttpStatusCode.TooManyRequests)
            ClipiaTelemetry.Throttled.Add(1, new KeyValuePair<string, object?>("clipia.operation", _operation));
    }

    public void Succeeded() => _error = null;

    public void Failed(string error) => _error = error;

    public void Dispose()
    {
        var tags = new TagList { { "clipia.operation", _operation } };
        if (_error is not null)
            tags.Add("error.type", _error);
        ClipiaTelemetry.Calls.Add(1, tags);
        ClipiaTelemetry.Duration.Record(Stopwatch.GetElapsedTime(_started).TotalSeconds, tags);

        _span?.SetTag("clipia.answers", _answers);
        if (_error is not null)
        {
            _span?.SetTag("error.type", _error);
            _span?.SetStatus(ActivityStatusCode.Error);
        }
        _span?.Dispose();
    }
}
