using ClipiaFlows.LocalRuntime.Hosting.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.LocalRuntime.Hosting.Startup;

/// <summary>
/// Logging to the console. Until the app has started, the frameworks' own reports of a failed start are held back: they
/// are stack traces, and the same failure is told in a sentence.
/// </summary>
internal sealed class StartupLog
{
    private volatile bool _hasStarted;

    public void Configure(ILoggingBuilder logging, IConfiguration settings)
    {
        // host.json comes last: where both name a category it decides, as the genuine host does.
        logging.AddConfiguration(settings.GetSection("Logging"));
        logging.AddConfiguration(settings.GetSection($"{HostJson.Section}:logging"));
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
        });
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", WhenStarted);
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", WhenStarted);
    }

    public void Started() => _hasStarted = true;

    private bool WhenStarted(LogLevel level) => _hasStarted && level >= LogLevel.Warning;
}
