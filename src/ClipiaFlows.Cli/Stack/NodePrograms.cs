using System.ComponentModel;
using System.Diagnostics;

namespace ClipiaFlows.Cli.Stack;

/// <summary>Starts <c>node</c> and <c>npm</c>, and says in one sentence when they are not there.</summary>
internal static class NodePrograms
{
    public const string Node = "node";
    private static readonly Version Oldest = new(20, 0);

    public static string Npm => OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    /// <summary>Starts a program with all three streams redirected; <paramref name="directory"/> is its current folder.</summary>
    public static Process Start(string program, string directory, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (program == Npm)
            ChildEnvironment.LeaveForNpm(start);
        else
            ChildEnvironment.LeaveForNode(start);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            var name = Path.GetFileNameWithoutExtension(program);
            throw new StackException(
                $"Azurite needs Node.js {Oldest.Major} or later, but '{name}' was not found on the PATH.", missing);
        }
    }

    /// <summary>Runs a program to its end; cancelling kills it and what it started.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string program, string directory, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        using var process = Start(program, directory, arguments);
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Throws when Node.js is missing or too old for Azurite.</summary>
    public static async Task CheckAsync(CancellationToken cancellation)
    {
        var (_, output) = await RunAsync(Node, AppContext.BaseDirectory, ["--version"], cancellation);
        if (!Version.TryParse(output.Trim().TrimStart('v'), out var version) || version < Oldest)
            throw new StackException($"Azurite needs Node.js {Oldest.Major} or later; 'node --version' says {output.Trim()}.");
    }
}
