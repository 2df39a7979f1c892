using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.Tests.Settings;

/// <summary>docs/telemetry.md tells what a level shows, and how what is kept out of it can be had all the same.</summary>
public sealed class LogLevelsTests
{
    [Theory]
    [InlineData("ClipiaFlows.Production.Advance", LogLevel.Trace)]
    [InlineData("Microsoft.DurableTask.Worker", LogLevel.Trace)]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning)]
    [InlineData("System.Net.Http.HttpClient.MediaFetcher.LogicalHandler", LogLevel.Warning)]
    [InlineData("Azure.Core", LogLevel.Warning)]
    public void Trace_ByDefault_ShowsEverythingButAddresses(string category, LogLevel lowest) =>
        Assert.Equal(lowest, LowestOf(category, ("Logging:LogLevel:Default", "Trace")));

    [Theory]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Hosting")]
    [InlineData("System.Net.Http.HttpClient.MediaFetcher.LogicalHandler", "System.Net.Http.HttpClient.MediaFetcher")]
    [InlineData("Azure.Core", "Azure.Core")]
    public void Trace_OfALongerCategory_ShowsThatToo(string category, string named) =>
        Assert.Equal(LogLevel.Trace, LowestOf(category, ($"Logging:LogLevel:{named}", "Trace")));

    private static LogLevel LowestOf(string category, params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
            .Build();
        using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddConfiguration(configuration.GetSection("Logging")).AddConsole())
            .AddClipiaFlows(configuration)
            .BuildServiceProvider();
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(category);
        return Enum.GetValues<LogLevel>().First(logger.IsEnabled);
    }
}
