using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
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

        // OpenTelemetry.Extensions.Hosting, which would do this, is not in the feed.
        builder.Services
            .AddSingleton(_ => Sdk.CreateTracerProviderBuilder()
                .ConfigureServices(services => services.AddSingleton<IConfiguration>(builder.Configuration))
                .ConfigureResource(resource => resource.AddService(TelemetrySources.Service))
                .AddSource(TelemetrySources.Spans)
                .AddOtlpExporter()
                .Build())
            .AddSingleton(_ => Sdk.CreateMeterProviderBuilder()
                .ConfigureServices(services => services.AddSingleton<IConfiguration>(builder.Configuration))
                .ConfigureResource(resource => resource.AddService(TelemetrySources.Service))
                .AddMeter(TelemetrySources.Meters)
                .AddOtlpExporter()
                .Build())
            .AddHostedService<Exporting>();
    }

    /// <summary>Asks for the providers, which export from then on until the container disposes of them.</summary>
    private sealed class Exporting(TracerProvider spans, MeterProvider meters) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            spans.ForceFlush();
            meters.ForceFlush();
            return Task.CompletedTask;
        }
    }
}
