using ClipiaFlows.LocalRuntime.Hosting.Startup;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Where the program of a Functions app begins.</summary>
#pragma warning disable CA1052 // The genuine class can be constructed too.
public class FunctionsApplication
#pragma warning restore CA1052
{
    /// <summary>A builder that finds the functions of the entry assembly and runs them in this process.</summary>
    /// <param name="args">The command line; <c>--port N</c> and any <c>--Key value</c> of the configuration.</param>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(args, new LocalHostSetup());
}
