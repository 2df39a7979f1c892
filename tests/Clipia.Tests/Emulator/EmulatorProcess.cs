using System.Diagnostics;
using System.Globalization;

namespace Clipia.Tests.Emulator;

/// <summary>The emulator as a program of its own, which can be killed.</summary>
public sealed class EmulatorProcess(Process process) : IDisposable
{
    public const string LiveKey = "clipia_live_process";

    public static EmulatorProcess Start(string folder, int port = 0, double seconds = 4)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Clipia.Emulator.EmulatorApi).Assembly.Location])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["Emulator__Port"] = $"{port}",
                ["Emulator__DataDirectory"] = folder,
                ["Emulator__LiveKey"] = LiveKey,
                ["Emulator__RequestsPerMinute"] = "1000000",
                ["Emulator__Concurrency"] = "1000000",
                ["Emulator__ImageSeconds"] = seconds.ToString(CultureInfo.InvariantCulture),
                ["Emulator__VideoSeconds"] = seconds.ToString(CultureInfo.InvariantCulture),
                ["Emulator__ExitWhenInputCloses"] = "true",
            },
        };
        return new(Process.Start(start)!);
    }

    public async Task<Uri> AddressAsync()
    {
        var line = await process.StandardOutput.ReadLineAsync();
        return new(line!.Split(' ')[^1]);
    }

    public void Kill() => process.Kill();

    public void CloseInput() => process.StandardInput.Close();

    public async Task<(int Code, string Error)> EndAsync()
    {
        var error = await process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, error);
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
