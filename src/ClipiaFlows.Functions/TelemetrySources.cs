using Clipia;

namespace ClipiaFlows.Functions;

/// <summary>What both builds export.</summary>
/// <remarks>
/// The spans of incoming requests are not among them: their addresses hold callback tokens. The meters have only routes.
/// </remarks>
internal static class TelemetrySources
{
    public const string Service = "ClipiaFlows";

    public static readonly string[] Spans = [ClipiaTelemetry.SourceName, "ClipiaFlows*"];

    public static readonly string[] Meters =
        [ClipiaTelemetry.SourceName, "ClipiaFlows*", "Microsoft.AspNetCore.Hosting", "System.Net.Http"];
}
