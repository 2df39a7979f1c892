using System.Globalization;
using System.Runtime.InteropServices;

namespace Clipia.Emulator;

/// <summary>The emulator as a command. Configuration: environment (<c>Emulator__Port</c>) and command line (<c>--Emulator:Port 7080</c>).</summary>
internal static class EmulatorProgram
{
    private const int DefaultPort = 7080;

    public static async Task<int> RunAsync(string[] args)
    {
        var settings = new ConfigurationBuilder()
            .AddEnvironmentVariables()
            .AddCommandLine(args, new Dictionary<string, string> { ["--port"] = "Emulator:Port", ["--data"] = "Emulator:DataDirectory" })
            .Build();
        try
        {
            await using var emulator = await EmulatorApi.StartAsync(OptionsFrom(settings));
            Introduce(emulator);
            await WaitForTheEndAsync(settings.GetValue<bool>("Emulator:ExitWhenInputCloses"));
            return 0;
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or InvalidOperationException or ArgumentException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
    }

    private static EmulatorOptions OptionsFrom(IConfiguration settings)
    {
        var emulator = settings.GetSection("Emulator");
        return new()
        {
            DataDirectory = emulator["DataDirectory"] ?? ".clipia-emulator",
            Port = emulator.GetValue("Port", DefaultPort),
            LiveKey = emulator["LiveKey"],
            TestKey = emulator["TestKey"],
            WebhookSecret = emulator["WebhookSecret"] is { Length: > 0 } secret ? secret : null,
            Credits = emulator.GetValue("Credits", 100_000L),
            ImageSeconds = emulator.GetValue("ImageSeconds", 4.0),
            VideoSeconds = emulator.GetValue("VideoSeconds", 9.0),
            WebhookRetryScale = emulator.GetValue("WebhookRetryScale", 1.0),
            RequestsPerMinute = emulator.GetValue<int?>("RequestsPerMinute"),
            Concurrency = emulator.GetValue<int?>("Concurrency"),
            StrictInput = emulator.GetValue("StrictInput", emulator.GetValue<bool>("Strict")),
            StrictKeys = emulator.GetValue("StrictKeys", emulator.GetValue<bool>("Strict")),
            StrictWebhooks = emulator.GetValue("StrictWebhooks", emulator.GetValue<bool>("Strict")),
            LogToConsole = true,
            LogRequests = emulator.GetValue<bool>("LogRequests"),
            Time = ClockFrom(settings),
        };
    }

    private static TimeProvider ClockFrom(IConfiguration settings)
    {
        var scale = settings.GetValue("Clock:Scale", 1.0);
        if (scale == 1)
            return TimeProvider.System;
        var origin = settings["Clock:Origin"] is { Length: > 0 } given
            ? DateTimeOffset.TryParse(given, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed)
                ? parsed
                : throw new ArgumentException($"Clock:Origin must be a time such as 2026-01-01T00:00:00Z, not '{given}'.")
            : TimeProvider.System.GetUtcNow();
        return new ScaledTimeProvider(origin, scale);
    }

    private static void Introduce(EmulatorApi emulator)
    {
        const string known = "made by an earlier start; POST /_local/keys makes another";
        Console.WriteLine($"Clipia emulator  {emulator.BaseUrl.GetLeftPart(UriPartial.Authority)}");
        Console.WriteLine($"Live key         {emulator.LiveKey ?? known}");
        Console.WriteLine($"Test key         {emulator.TestKey ?? known}");
        Console.WriteLine($"Webhook secret   {emulator.WebhookSecret}");
    }

    private static async Task WaitForTheEndAsync(bool orInputCloses)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await (orInputCloses ? Task.WhenAny(end.Task, InputClosesAsync()) : end.Task);

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            end.TrySetResult();
        }
    }

    private static Task InputClosesAsync() => Task.Run(() =>
    {
        while (Console.In.Read() >= 0)
        {
        }
    });
}
