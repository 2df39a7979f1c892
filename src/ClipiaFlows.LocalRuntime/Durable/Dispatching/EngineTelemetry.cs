using System.Diagnostics.Metrics;

namespace ClipiaFlows.LocalRuntime.Durable.Dispatching;

/// <summary>What the engine tells OpenTelemetry.</summary>
internal static class EngineTelemetry
{
    private static readonly Meter Meter = new("ClipiaFlows.LocalRuntime");

    private static readonly Histogram<long> HistoryLength = Meter.CreateHistogram<long>(
        "clipiaflows.history.length", "{event}", "Events in the history of an execution that ended or continued as new.");

    public static void HistoryEnded(string flow, long events) =>
        HistoryLength.Record(events, new KeyValuePair<string, object?>("clipiaflows.flow", flow));
}
