using System.Diagnostics;
using System.Reflection;

namespace ClipiaFlows.Infra.Tests.Bicep;

/// <summary>The genuine Bicep compiler, from its package.</summary>
internal static class BicepProgram
{
    private static readonly string? Program = typeof(BicepProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .SingleOrDefault(attribute => attribute.Key == "Bicep")?.Value;

    /// <summary>Why there is none, or <c>null</c> where there is one.</summary>
    public static string? Missing { get; } = Program is null
        ? "The package of the Bicep compiler is for Linux on x64 only; elsewhere the templates are not compiled."
        : null;

    /// <summary>Runs it and answers what it wrote: standard output, and diagnostics line by line.</summary>
    public static async Task<(string Output, IReadOnlyList<string> Diagnostics)> RunAsync(params string[] arguments)
    {
        MakeRunnable(Program!);
        var start = new ProcessStartInfo(Program!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (await output, [.. (await errors).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]);
    }

    // A package manager may leave the program executable for its owner only, or not at all.
    private static void MakeRunnable(string program)
    {
        if (!OperatingSystem.IsWindows() && !File.GetUnixFileMode(program).HasFlag(UnixFileMode.UserExecute))
            File.SetUnixFileMode(program, File.GetUnixFileMode(program) | UnixFileMode.UserExecute);
    }
}

/// <summary>A test that compiles templates. Where the compiler cannot run it is skipped, and says so.</summary>
internal sealed class BicepFactAttribute : FactAttribute
{
    public BicepFactAttribute() => Skip = BicepProgram.Missing;
}

/// <summary>A test that compiles templates, once for each row of data.</summary>
internal sealed class BicepTheoryAttribute : TheoryAttribute
{
    public BicepTheoryAttribute() => Skip = BicepProgram.Missing;
}
