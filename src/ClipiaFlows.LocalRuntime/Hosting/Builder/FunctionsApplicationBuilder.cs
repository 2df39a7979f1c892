using ClipiaFlows.LocalRuntime.Hosting.Startup;
using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>
/// Collects configuration, services and worker middleware of a Functions app. What is wrong with the settings or with
/// the functions is told when the built host starts: one sentence each on standard error, exit code 1.
/// </summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    private readonly LocalHostBuilder _local;

    internal FunctionsApplicationBuilder(string[]? args, LocalHostSetup setup) => _local = new(args ?? [], setup);

    /// <inheritdoc/>
    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)Web).Properties;

    /// <summary>
    /// From weakest to strongest: host.json, appsettings.json, Values of local.settings.json, environment, command line.
    /// </summary>
    public ConfigurationManager Configuration => Web.Configuration;

    /// <inheritdoc/>
    public IHostEnvironment Environment => Web.Environment;

    /// <inheritdoc/>
    public ILoggingBuilder Logging => Web.Logging;

    /// <inheritdoc/>
    public IMetricsBuilder Metrics => Web.Metrics;

    /// <inheritdoc cref="IHostApplicationBuilder.Services"/>
    public IServiceCollection Services => Web.Services;

    IConfigurationManager IHostApplicationBuilder.Configuration => Configuration;

    private WebApplicationBuilder Web => _local.Web;

    /// <summary>The host of this app. It is built once.</summary>
    /// <exception cref="InvalidOperationException">It has been built already.</exception>
    public IHost Build() => _local.Build();

    /// <inheritdoc/>
    public void ConfigureContainer<TContainerBuilder>(
        IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull =>
        ((IHostApplicationBuilder)Web).ConfigureContainer(factory, configure);

    /// <summary>Adds middleware that runs around every invocation, in the order of registration.</summary>
    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        _local.Use(middleware);
        return this;
    }

    internal void UseWebApplication() => _local.UseWebApplication();
}
