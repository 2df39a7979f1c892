using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ClipiaFlows.Functions;

/// <summary>Telemetry of the local build: to an OTLP receiver, with OpenTelemetry's own settings (<c>OTEL_…</c>).</summary>
internal static class Telemetry
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Does nothing without an endpoint.</summary>
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        if (builder.Configuration[Endpoint] is not { Length: > 0 })
            return;

        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(TelemetrySources.Service))
            .WithTracing(tracing => tracing.AddSource(TelemetrySources.Spans).AddOtlpExporter())
            .WithMetrics(metrics => metrics.AddMeter(TelemetrySources.Meters).AddOtlpExporter())
            .WithLogging(logs => logs.AddOtlpExporter(), logs => logs.IncludeFormattedMessage = true);
    }
}
