namespace ClipiaFlows.Azurite.Tests.Telemetry;

/// <summary>A span as it was received.</summary>
internal sealed record ReceivedSpan(
    string Trace, string Id, string Parent, string Name, string Scope, Dictionary<string, string> Attributes, IReadOnlyList<(string Trace, string Span)> Links)
{
    public static IEnumerable<ReceivedSpan> Of(ProtobufMessage request) =>
        from resource in request.Messages(1)
        from scope in resource.Messages(2)
        let source = scope.Messages(1).Single().Text(1)
        from span in scope.Messages(2)
        select new ReceivedSpan(
            span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), source, span.Attributes(9),
            [.. span.Messages(13).Select(link => (link.Hex(1), link.Hex(2)))]);
}

/// <summary>One data point of a metric as it was received: the value of a counter or gauge; count and largest value of a histogram.</summary>
internal sealed record ReceivedPoint(string Name, string Unit, string Kind, double Value, double Largest, Dictionary<string, string> Attributes)
{
    private static readonly (int Field, string Kind)[] Kinds = [(5, "gauge"), (7, "counter"), (9, "histogram")];

    public static IEnumerable<ReceivedPoint> Of(ProtobufMessage request) =>
        from resource in request.Messages(1)
        from scope in resource.Messages(2)
        from metric in scope.Messages(2)
        from kind in Kinds
        from data in metric.Messages(kind.Field)
        from point in data.Messages(1)
        let isHistogram = kind.Kind == "histogram"
        let value = isHistogram ? point.Number(4) : point.Has(4) ? point.Double(4) : point.Number(6)
        let largest = isHistogram && point.Has(12) ? point.Double(12) : value
        select new ReceivedPoint(metric.Text(1), metric.Text(3), kind.Kind, value, largest, point.Attributes(isHistogram ? 9 : 7));
}
