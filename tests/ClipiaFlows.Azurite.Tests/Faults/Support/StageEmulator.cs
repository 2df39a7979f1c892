using System.Globalization;
using Clipia.Emulator;
using ClipiaFlows.Azurite.Tests.EndToEnd;
using ClipiaFlows.Cli.Stack;

namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>The emulator of a stage: in this process, or as one of its own that can be killed.</summary>
internal sealed class StageEmulator(StageOptions options, StageSecrets secrets, FastClock clock, string folder) : IAsyncDisposable
{
    private readonly int _port = LocalPorts.FindFree().Emulator;
    private EmulatorApi? _here;
    private ChildProcess? _apart;
    private EmulatorControl? _control;

    public Uri Url => new($"http://127.0.0.1:{_port}/");

    public EmulatorControl Control => _control ??= new EmulatorControl(Url);

    /// <summary>Starts it, on the same port and data as before.</summary>
    public async Task StartAsync()
    {
        if (options.EmulatorAsProcess)
            _apart = await StartApartAsync();
        else
            _here = await StartHereAsync();
    }

    /// <summary>Kills the process.</summary>
    public async Task KillAsync()
    {
        await _apart!.KillAsync();
        await _apart.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _control?.Dispose();
        if (_here is not null)
            await _here.DisposeAsync();
        if (_apart is not null)
            await _apart.DisposeAsync();
    }

    private Task<EmulatorApi> StartHereAsync() => EmulatorApi.StartAsync(new EmulatorOptions
    {
        Port = _port,
        Time = clock,
        LiveKey = secrets.LiveKey,
        WebhookSecret = secrets.WebhookSecret,
        Credits = 1_000_000,
        RequestsPerMinute = StageOptions.RequestsPerMinute,
        ImageSeconds = options.ImageSeconds,
        VideoSeconds = options.VideoSeconds,
    });

    private async Task<ChildProcess> StartApartAsync()
    {
        Directory.CreateDirectory(folder);
        var settings = new Dictionary<string, string>
        {
            ["Emulator__Port"] = Text(_port),
            ["Emulator__DataDirectory"] = folder,
            ["Emulator__LiveKey"] = secrets.LiveKey,
            ["Emulator__WebhookSecret"] = secrets.WebhookSecret,
            ["Emulator__RequestsPerMinute"] = Text(StageOptions.RequestsPerMinute),
            ["Emulator__ImageSeconds"] = Text(options.ImageSeconds),
            ["Emulator__VideoSeconds"] = Text(options.VideoSeconds),
            ["Emulator__ExitWhenInputCloses"] = "true",
            ["Clock__Origin"] = clock.Origin.ToString("O", CultureInfo.InvariantCulture),
            ["Clock__Scale"] = Text(options.Scale),
        };
        var process = ChildProcess.StartDotnet(
            "emulator", BuiltParts.Emulator, ChildEnvironment.LeaveForEmulator, settings, folder, Path.Combine(folder, "emulator.log"));
        await HealthCheck.WaitAsync(process, new Uri(Url, "_local/health"), CancellationToken.None);
        return process;
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
