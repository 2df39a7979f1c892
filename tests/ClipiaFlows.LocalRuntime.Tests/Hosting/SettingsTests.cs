using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.LocalRuntime.Tests.Hosting;

public sealed class SettingsTests
{
    [Fact]
    public async Task HostJson_NotJson_NamesLineAndPosition()
    {
        await using var app = await new LocalApp { HostJson = "{\n  \"version\": \"2.0\",\n  \"logging\": { oops }\n}" }.StartAsync(typeof(Empty));

        Assert.Equal(1, app.ExitCode);
        Assert.Matches("error: .*host.json is not valid JSON at line 3, position 16: .*\\n$", app.Error);
        Assert.Single(app.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task HostJson_CommentsAndTrailingCommas_AreFine()
    {
        await using var app = await new LocalApp { HostJson = "{ // as Core Tools\n \"version\": \"2.0\", }" }.StartAsync(typeof(Empty));

        Assert.Equal((0, ""), (app.ExitCode, app.Error));
    }

    [Theory]
    [InlineData("{ }", "host.json must say \"version\": \"2.0\".")]
    [InlineData("[]", "must hold a JSON object, found Array.")]
    [InlineData("""{ "version": "2.0", "\ud800": 1 }""", "host.json has an escape that spells half a character")]
    [InlineData("""{ "version": "2.0", "x": ["\ud800"] }""", "host.json has an escape that spells half a character")]
    [InlineData(
        """{ "version": "2.0", "extensions": { "http": { "routePrefix": { "name": "api" } } } }""",
        "host.json: extensions.http.routePrefix must be a single value, found an object or an array.")]
    [InlineData(
        """{ "version": "2.0", "extensions": { "durableTask": { "maxConcurrentActivityFunctions": [10] } } }""",
        "host.json: extensions.durableTask.maxConcurrentActivityFunctions must be a single value, found an object or an array.")]
    [InlineData(
        """{ "version": "2.0", "extensions": { "durableTask": { "maxConcurrentActivityFunctions": "many" } } }""",
        "host.json: extensions.durableTask.maxConcurrentActivityFunctions must be a whole number from 1, found 'many'.")]
    [InlineData(
        """{ "version": "2.0", "extensions": { "durableTask": { "hubName": "%Hub%" } } }""",
        "host.json: extensions.durableTask.hubName names the setting 'Hub', which has no value.")]
    [InlineData(
        """{ "version": "2.0", "extensions": { "durableTask": { "versionMatchStrategy": "newest" } } }""",
        "host.json: extensions.durableTask.versionMatchStrategy must be one of none, strict, currentOrOlder, found 'newest'.")]
    [InlineData(
        """{ "version": "2.0", "extensions": { "durableTask": { "versionFailureStrategy": "1" } } }""",
        "host.json: extensions.durableTask.versionFailureStrategy must be one of reject, fail, found '1'.")]
    public async Task HostJson_ValueThatDoesNotFit_IsRefused(string json, string expected)
    {
        await using var app = await new LocalApp { HostJson = json }.StartAsync(typeof(Empty));

        Assert.Equal(1, app.ExitCode);
        Assert.Contains(expected, app.Error);
    }

    [Fact]
    public async Task HostJson_UnknownSettings_AreNamedAndKnownOnesPass()
    {
        await using var app = await new LocalApp
        {
            HostJson = """
                {
                  "version": "2.0",
                  "functionTimeout": "00:05:00",
                  "loging": {},
                  "logging": { "applicationInsights": { "samplingSettings": { "isEnabled": true } } },
                  "extensionBundle": { "id": "x" },
                  "extensions": {
                    "queues": { "batchSize": 1 },
                    "http": { "routePrefix": "", "prefix": "x" },
                    "durableTask": {
                      "storageProvider": { "type": "AzureStorage", "partitionCount": 4 },
                      "extendedSessionsEnabled": true, "versionMatchStrategy": "CurrentOrOlder", "maxConcurentActivities": 3
                    }
                  }
                }
                """,
        }.StartAsync(typeof(Empty));

        Assert.Equal(0, app.ExitCode);
        Assert.Equal(
            ["loging", "extensions.http.prefix", "extensions.durableTask.maxConcurentActivities"],
            app.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split("the setting ")[1].Split(" is not known")[0]));
    }

    [Fact]
    public async Task HostJson_AppSetting_OverridesIt()
    {
        await using var app = await new LocalApp
        {
            HostJson = """{ "version": "2.0", "extensions": { "http": { "routePrefix": "a" } } }""",
            LocalSettings = """{ "Values": { "AzureFunctionsJobHost__extensions__http__routePrefix": "b" } }""",
        }.StartAsync(typeof(Empty));

        Assert.Equal("", await app.Http.GetStringAsync("b/nothing"));
    }

    [Fact]
    public async Task HostJson_LogLevels_AreThoseOfTheApp()
    {
        await using var app = await new LocalApp
        {
            HostJson = """{ "version": "2.0", "logging": { "logLevel": { "default": "Error", "Flows": "Trace" } } }""",
            LocalSettings = """{ "Values": { "AzureFunctionsJobHost__logging__logLevel__Heads": "Debug" } }""",
            Log = new LogRecorder(),
        }.StartAsync(typeof(Empty));
        var loggers = app.Services.GetRequiredService<ILoggerFactory>();

        Assert.True(loggers.CreateLogger("Flows.RunJob").IsEnabled(LogLevel.Trace));
        Assert.True(loggers.CreateLogger("Heads").IsEnabled(LogLevel.Debug));
        Assert.False(loggers.CreateLogger("Other").IsEnabled(LogLevel.Warning));
        Assert.False(loggers.CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics").IsEnabled(LogLevel.Information));
    }

    [Fact]
    public async Task HostJson_ListOfFunctions_RunsOnlyThose()
    {
        await using var app = await new LocalApp { HostJson = """{ "version": "2.0", "functions": ["any"] }""" }
            .StartAsync(typeof(StartupTests.Good));

        Assert.Equal($"Functions:\n  any: {app.Http.BaseAddress}api/any\n", app.Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task HostJson_ListOfFunctions_WarnsOfOnesThatDoNotExist()
    {
        await using var app = await new LocalApp { HostJson = """{ "version": "2.0", "functions": ["any", "ayn"] }""" }
            .StartAsync(typeof(StartupTests.Good));

        Assert.Equal(0, app.ExitCode);
        Assert.Contains("host.json: functions names 'ayn', which is no function of ", app.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LocalSettings_Values_BecomeConfigurationUnderEnvironmentAndCommandLine()
    {
        var variable = $"CLIPIAFLOWS_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable($"{variable}__A", "environment");
        try
        {
            await using var app = await new LocalApp
            {
                LocalSettings = $$"""
                    {
                      "IsEncrypted": false,
                      "Values": { "{{variable}}__A": "file", "{{variable}}:B": "file", "{{variable}}__C": "file", "Flag": true, "Count": 3 },
                      "ConnectionStrings": { "Main": "Server=x" }
                    }
                    """,
                Arguments = [$"--{variable}:C=line"],
            }.StartAsync(typeof(Empty));
            var configuration = app.Services.GetRequiredService<IConfiguration>();

            Assert.Equal(("environment", "file", "line"), (configuration[$"{variable}:A"], configuration[$"{variable}:B"], configuration[$"{variable}:C"]));
            Assert.Equal(("true", "3"), (configuration["Flag"]?.ToLowerInvariant(), configuration["Count"]));
            Assert.Equal("Server=x", configuration.GetConnectionString("Main"));
        }
        finally
        {
            Environment.SetEnvironmentVariable($"{variable}__A", null);
        }
    }

    [Theory]
    [InlineData("""{ "IsEncrypted": true, "Values": { "A": "x" } }""", "local.settings.json is encrypted")]
    [InlineData("""{ "Values": { "A": { "B": "x" } } }""", "local.settings.json: Values.A must be a text")]
    [InlineData("""{ "Values": [] }""", "local.settings.json: Values must be an object, found Array.")]
    [InlineData("""{ "Values" """, "local.settings.json is not valid JSON at line 1")]
    public async Task LocalSettings_ThatCannotBeUsed_AreRefused(string json, string expected)
    {
        await using var app = await new LocalApp { LocalSettings = json }.StartAsync(typeof(Empty));

        Assert.Equal(1, app.ExitCode);
        Assert.Contains(expected, app.Error);
    }

    [Fact]
    public async Task Clock_OriginAndScale_MakeTheTimeProviderFaster()
    {
        var origin = DateTimeOffset.UtcNow.AddDays(-1);
        await using var app = await new LocalApp { Arguments = [$"--Clock:Origin={origin:O}", "--Clock:Scale=10"] }.StartAsync(typeof(Empty));
        var time = app.Services.GetRequiredService<TimeProvider>();

        Assert.InRange(time.GetUtcNow() - origin, TimeSpan.FromDays(10), TimeSpan.FromDays(10.1));
    }

    [Fact]
    public async Task Clock_NotSet_IsTheSystemClock()
    {
        await using var app = await new LocalApp().StartAsync(typeof(Empty));

        Assert.Same(TimeProvider.System, app.Services.GetRequiredService<TimeProvider>());
    }

    [Theory]
    [InlineData("--Clock:Scale=0.5", "Clock:Scale must be a number from 1 to 10, found '0.5'.")]
    [InlineData("--Clock:Origin=yesterday", "Clock:Origin must be an ISO 8601 instant such as 2026-01-31T12:00:00Z, found 'yesterday'.")]
    [InlineData("--port=70000", "LocalRuntime:Port must be a whole number from 0 to 65535, found '70000'.")]
    public async Task Setting_OutOfRange_IsRefused(string argument, string expected)
    {
        await using var app = await new LocalApp { Arguments = [argument] }.StartAsync(typeof(Empty));

        Assert.Equal((1, $"error: {expected}\n"), (app.ExitCode, app.Error.ReplaceLineEndings("\n")));
    }

    public static class Empty
    {
        [Function("nothing")]
        public static IResult Nothing([HttpTrigger("get")] HttpRequest request) => Results.Ok();
    }
}
