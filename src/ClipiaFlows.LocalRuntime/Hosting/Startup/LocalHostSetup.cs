using System.Reflection;

namespace ClipiaFlows.LocalRuntime.Hosting.Startup;

/// <summary>What the process gives to the host; tests give something else.</summary>
internal sealed class LocalHostSetup
{
    /// <summary>The assembly whose functions are run.</summary>
    public Assembly? Functions { get; init; } = Assembly.GetEntryAssembly();

    /// <summary>Takes a type of that assembly as a source of functions or leaves it out.</summary>
    public Func<Type, bool> Includes { get; init; } = _ => true;

    /// <summary>The folder of host.json and local.settings.json.</summary>
    public string AppDirectory { get; init; } = AppContext.BaseDirectory;

    public TextWriter Output { get; init; } = Console.Out;

    public TextWriter Error { get; init; } = Console.Error;

    public Func<Stream> OpenInput { get; init; } = Console.OpenStandardInput;

    public Action<int> SetExitCode { get; init; } = code => Environment.ExitCode = code;
}
