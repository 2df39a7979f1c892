using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Clipia;

/// <summary>
/// What this library tells OpenTelemetry. Operations, model slugs, status codes and error codes; never keys, inputs or answers.
/// </summary>
/// <remarks>
/// Spans <c>clipia.&lt;operation&gt;</c>, one a call, whatever its retries. Metrics: <c>clipia.client.calls</c>,
/// <c>clipia.client.call.duration</c> in seconds, <c>clipia.client.retries</c>, <c>clipia.client.throttled</c> (answers 429).
/// </remarks>
public static class ClipiaTelemetry
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string SourceName = "Clipia.Client";

    internal static readonly ActivitySource Source = new(SourceName);

    private static readonly Meter Meter = new(SourceName);

    internal static readonly Counter<long> Calls = Meter.CreateCounter<long>("clipia.client.calls", "{call}");

    internal static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("clipia.client.call.duration", "s");

    internal static readonly Counter<long> Retries = Meter.CreateCounter<long>("clipia.client.retries", "{retry}");

    internal static readonly Counter<long> Throttled = Meter.CreateCounter<long>("clipia.client.throttled", "{answer}");
}
