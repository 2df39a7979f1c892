using ClipiaFlows.LocalRuntime.Hosting.Http;
using ClipiaFlows.LocalRuntime.Hosting.Settings;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClipiaFlows.LocalRuntime.Hosting.Startup;

/// <summary>
/// The host that a program runs. A start that fails throws nothing: it prints one sentence for each reason, sets the
/// exit code to 1 and lets <c>Run</c> return.
/// </summary>
internal sealed class LocalHost(
    IHost? web, FunctionApp app, RuntimeSettings settings, LocalHostSetup setup, Problems problems, StartupLog log)
    : IHost, IAsyncDisposable
{
    // Run asks even a host that could not be built for the lifetime of the app.
    private readonly IHost _inner = web ?? Host.CreateEmptyApplicationBuilder(new() { DisableDefaults = true }).Build();
    private bool _isToBeStopped;
    private bool _hasStarted;

    public IServiceProvider Services => _inner.Services;

    private IHostApplicationLifetime Lifetime => Services.GetRequiredService<IHostApplicationLifetime>();

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        foreach (var warning in problems.Warnings)
            await setup.Error.WriteLineAsync($"warning: {warning}");
        if (problems.Errors.Count > 0)
        {
            await GiveUpAsync(problems.Errors);
            return;
        }

        _isToBeStopped = true;
        try
        {
            await _inner.StartAsync(cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            await GiveUpAsync(StartupFailure.Describe(failure, settings));
            return;
        }

        _hasStarted = true;
        log.Started();
        await FunctionListing.WriteAsync(setup.Output, app, Address());
        Services.GetRequiredService<RequestGate>().Open();
        if (settings.ExitWhenInputCloses)
            InputEnd.Watch(setup.OpenInput, Lifetime.StopApplication);
    }

    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (!_isToBeStopped)
            return;
        _isToBeStopped = false;
        try
        {
            await _inner.StopAsync(cancellationToken);
        }
        catch (Exception) when (!_hasStarted)
        {
            // What kept it from starting has been told, and half of a host need not stop cleanly.
        }
        catch (Exception late) when (late is OperationCanceledException or AggregateException)
        {
            await setup.Error.WriteLineAsync(
                $"warning: Not everything ended within {settings.ShutdownTimeout.TotalSeconds:0} s.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await ((IAsyncDisposable)_inner).DisposeAsync();
        }
        catch (Exception) when (!_hasStarted)
        {
            // As above.
        }
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private string Address() =>
        Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    private async Task GiveUpAsync(IEnumerable<string> sentences)
    {
        foreach (var sentence in sentences)
            await setup.Error.WriteLineAsync($"error: {sentence}");
        setup.SetExitCode(1);
        Lifetime.StopApplication();
    }
}
