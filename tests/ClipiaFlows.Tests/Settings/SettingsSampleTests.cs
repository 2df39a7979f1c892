using System.Reflection;
using System.Text.Json;
using Clipia;
using ClipiaFlows.Callbacks;
using ClipiaFlows.Media;
using ClipiaFlows.Notifications;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Retention;
using ClipiaFlows.Starting;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Settings;

public sealed class SettingsSampleTests
{
    private static readonly string[] OfTheHost = 
        ["FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage", "OTEL_EXPORTER_OTLP_ENDPOINT", "APPLICATIONINSIGHTS_CONNECTION_STRING"];

    [Fact]
    public void Sample_AndOptions_NameTheSameSettings()
    {
        var sample = Sample().Where(name => !name.StartsWith("LocalRuntime", StringComparison.Ordinal) && !name.StartsWith("Clock", StringComparison.Ordinal));

        var options = OfTheHost
            .Concat(SettingsOf<ClipiaClientOptions>("Clipia"))
            .Concat(["Clipia__WebhookSecret", "Clipia__PreviousWebhookSecret"])
            .Concat(SettingsOf<CallbackOptions>(CallbackOptions.Section).Where(name => !name.EndsWith("WebhookSecret", StringComparison.Ordinal)))
            .Concat(SettingsOf<PacingOptions>(PacingOptions.Section))
            .Concat(SettingsOf<LimitOptions>(LimitOptions.Section))
            .Concat(SettingsOf<RetentionOptions>(RetentionOptions.Section))
            .Concat(SettingsOf<OutputOptions>(OutputOptions.Section))
            .Concat(SettingsOf<InputOptions>(InputOptions.Section))
            .Concat(SettingsOf<MediaOptions>(MediaOptions.Section))
            .Concat(SettingsOf<NotificationOptions>(NotificationOptions.Section));
        Assert.Equal(options.Order(StringComparer.Ordinal), sample.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> SettingsOf<T>(string section) => typeof(T)
        .GetProperties(BindingFlags.Instance | BindingFlags.Public)
        .Where(property => property.SetMethod is { IsPublic: true })
        .Select(property => $"{section}__{property.Name}");

    private static List<string> Sample()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(RepositoryFolder.Of("local.settings.sample.json")));
        return [.. file.RootElement.GetProperty("Values").EnumerateObject().Select(value => value.Name)];
    }
}
