using Azure.Monitor.OpenTelemetry.Exporter;
using ClipiaFlows.Stores;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClipiaFlows.Functions;

/// <summary>Telemetry of the azure build: to Application Insights, by the app's identity.</summary>
internal static class Telemetry
{
    private const string ConnectionString = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>Does nothing without the setting that the Functions host knows too.</summary>
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        if (builder.Configuration[ConnectionString] is not { Length: > 0 } connection)
            return;

        var checkedConnection = StorageAccount.Checked(connection, ConnectionString);
        var telemetry = builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddSource(TelemetrySources.Spans))
            .WithMetrics(metrics => metrics.AddMeter(TelemetrySources.Meters));
        telemetry.UseFunctionsWorkerDefaults();
        telemetry.UseAzureMonitorExporter(exporter =>
        {
            exporter.ConnectionString = checkedConnection;
            // The resource takes no instrumentation keys; the identity that reaches storage writes telemetry too.
            exporter.Credential = StorageAccount.CredentialOf(builder.Configuration.GetSection(StorageAccount.Setting));
        });
    }
}
