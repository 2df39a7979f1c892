using System.Runtime.InteropServices;

namespace ClipiaFlows.Cli.Stack;

/// <summary>The `dotnet` that runs this process, so that PATH is not needed to start the next one.</summary>
internal static class DotnetHost
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        // …/dotnet/shared/Microsoft.NETCore.App/10.0.x/ lies three folders below the host.
        var host = System.IO.Path.GetFullPath(System.IO.Path.Combine(
            RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        return File.Exists(host) ? host : "dotnet";
    }
}
