using ClipiaFlows.LocalRuntime.Hosting.Startup;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.LocalRuntime.Tests.Hosting;

/// <summary>An app made of the given function classes, on a free port, in a folder of its own.</summary>
public sealed class LocalApp : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("local-app-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly HttpClient _http = new();
    private IHost? _host;

    public int ExitCode { get; private set; }

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    public string DataDirectory => Path.Combine(_directory, "data");

    public HttpClient Http => _http;

    public IServiceProvider Services => _host!.Services;

    public IHostApplicationLifetime Lifetime => Services.GetRequiredService<IHostApplicationLifetime>();

    public Stream Input { get; init; } = Stream.Null;

    public Action<FunctionsApplicationBuilder> Configure { get; init; } = builder => builder.ConfigureFunctionsWebApplication();

    public string HostJson { get; init; } = """{ "version": "2.0" }""";

    public string? LocalSettings { get; init; }

    public string[] Arguments { get; init; } = [];

    public ILoggerProvider? Log { get; init; }

    /// <summary>Starts the app; whether it started shows in <see cref="ExitCode"/>.</summary>
    public async Task<LocalApp> StartAsync(params Type[] functions)
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "host.json"), HostJson);
        if (LocalSettings is not null)
            await File.WriteAllTextAsync(Path.Combine(_directory, "local.settings.json"), LocalSettings);
        var builder = new FunctionsApplicationBuilder(
            ["--LocalRuntime:Port=0", $"--LocalRuntime:DataDirectory={DataDirectory}", .. Arguments],
            new LocalHostSetup
            {
                Functions = typeof(LocalApp).Assembly,
                Includes = functions.Contains,
                AppDirectory = _directory,
                Output = _output,
                Error = _error,
                OpenInput = () => Input,
                SetExitCode = code => ExitCode = code,
            });
        builder.Logging.ClearProviders();
        if (Log is not null)
            builder.Logging.AddProvider(Log);
        Configure(builder);
        _host = builder.Build();
        await _host.StartAsync();
        if (ExitCode == 0)
            _http.BaseAddress = Address();
        return this;
    }

    public Task StopAsync() => _host!.StopAsync();

    /// <summary>Stops the app and starts it again on the same data.</summary>
    public async Task<LocalApp> RestartAsync(params Type[] functions)
    {
        await CloseAsync();
        var next = new LocalApp
        {
            Configure = Configure, HostJson = HostJson, LocalSettings = LocalSettings,
            Arguments = [.. Arguments, $"--LocalRuntime:DataDirectory={DataDirectory}"],
        };
        return await next.StartAsync(functions);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _http.Dispose();
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
    }

    private async Task CloseAsync()
    {
        if (_host is null)
            return;
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        _host = null;
    }

    private Uri Address()
    {
        var server = Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>();
        var addresses = server.Features.Get<Microsoft.AspNetCore.Hosting.Server.Features.IServerAddressesFeature>()!;
        return new(addresses.Addresses.Single() + "/");
    }
}
