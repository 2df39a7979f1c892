using System.Net;
using System.Text.Json;
using ClipiaFlows.LocalRuntime.Hosting.Durable;
using ClipiaFlows.LocalRuntime.Hosting.Http;
using ClipiaFlows.LocalRuntime.Hosting.Invocation;
using ClipiaFlows.LocalRuntime.Hosting.Settings;
using ClipiaFlows.LocalRuntime.Hosting.Timers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClipiaFlows.LocalRuntime.Hosting.Startup;

/// <summary>Puts the local host together around a web application that starts out empty.</summary>
internal sealed class LocalHostBuilder
{
    // The limit of the genuine host.
    private const long MaxRequestBytes = 100 * 1024 * 1024;

    // On a loopback address they come at once; whoever sends them byte by byte only holds a connection.
    private static readonly TimeSpan HeadersMayTake = TimeSpan.FromSeconds(10);

    private const string OnAzure =
        "The local runtime does not run on Azure (WEBSITE_SITE_NAME is set); " +
        "deploy the build with FunctionsRuntime=azure, which is what 'dotnet publish' makes.";

    private readonly LocalHostSetup _setup;
    private readonly Problems _problems = new();
    private readonly StartupLog _startupLog = new();
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _middleware = [];
    private RuntimeSettings? _settings;
    private bool _isWebApplication;

    public LocalHostBuilder(string[] args, LocalHostSetup setup)
    {
        _setup = setup;
        Web = WebApplication.CreateEmptyBuilder(new()
        {
            ApplicationName = setup.Functions?.GetName().Name,
            ContentRootPath = setup.AppDirectory,
            EnvironmentName = Environment.GetEnvironmentVariable("AZURE_FUNCTIONS_ENVIRONMENT") ?? Environments.Development,
        });
        ConfigurationSources.Add(Web.Configuration, args, setup.AppDirectory, _problems);
        _startupLog.Configure(Web.Logging, Web.Configuration);
        // As any host does in development: mistakes of registration show at the start, not at the first use.
        var isDevelopment = Web.Environment.IsDevelopment();
        ((IHostApplicationBuilder)Web).ConfigureContainer(new DefaultServiceProviderFactory(
            new() { ValidateScopes = isDevelopment, ValidateOnBuild = isDevelopment }));
        Web.Services.AddSingleton(_ => Settings.CreateClock());
        // As the genuine worker by default.
        Web.Services.Configure<JsonSerializerOptions>(json => json.PropertyNameCaseInsensitive = true);
        Web.WebHost.UseKestrelCore();
        Web.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            kestrel.Limits.RequestHeadersTimeout = HeadersMayTake;
            kestrel.Listen(IPAddress.Loopback, Settings.Port);
        });
        Web.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        Web.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Settings.ShutdownTimeout);
    }

    public WebApplicationBuilder Web { get; }

    private RuntimeSettings Settings =>
        _settings ?? throw new InvalidOperationException("The application has not been built yet.");

    public void Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        ThrowIfBuilt();
        _middleware.Add(middleware);
    }

    public void UseWebApplication() => _isWebApplication = true;

    public IHost Build()
    {
        ThrowIfBuilt();
        _settings = RuntimeSettings.Read(Web.Configuration, _problems);
        if (Web.Configuration["WEBSITE_SITE_NAME"] is { Length: > 0 })
            _problems.Add(OnAzure);

        var app = FunctionApp.Find(_setup, Settings, Web.Configuration, _problems);
        if (app.Http.All.Count > 0 && !_isWebApplication)
            _problems.Add("The app has HTTP functions; its program must call builder.ConfigureFunctionsWebApplication().");
        AddServices(app);
        return new LocalHost(BuildWeb(app), app, Settings, _setup, _problems, _startupLog);
    }

    private void AddServices(FunctionApp app)
    {
        var services = Web.Services;
        services.AddSingleton<RequestGate>();
        services.AddSingleton(provider => new FunctionInvoker(provider, _middleware));
        if (app.Http.All.Count > 0)
        {
            services.AddRouting();
            services.AddSingleton<HttpInvocation>();
            if (app.Http.ReturnActionResults)
                services.AddMvcCore();
        }

        if (DurableFunctions.AreUsed(app.Functions))
        {
            services.AddSingleton(provider => DurableFunctions.CreateEngine(Settings, provider));
            services.AddHostedService(provider =>
                ActivatorUtilities.CreateInstance<DurableService>(provider, app.Functions));
        }

        if (app.Timers.Count > 0)
        {
            services.AddHostedService(provider =>
                ActivatorUtilities.CreateInstance<TimerService>(provider, app.Timers, Settings));
        }
    }

    private WebApplication? BuildWeb(FunctionApp app)
    {
        try
        {
            var web = Web.Build();
            app.CheckServices(web.Services.GetRequiredService<IServiceProviderIsService>(), _problems);
            if (app.Http.All.Count > 0)
                app.Http.Map(web, web.Services.GetRequiredService<HttpInvocation>(), Settings.AllowedHosts);
            return web;
        }
        catch (Exception failure)
        {
            foreach (var sentence in StartupFailure.Describe(failure, Settings))
                _problems.Add(sentence);
            return null;
        }
    }

    private void ThrowIfBuilt()
    {
        if (_settings is not null)
            throw new InvalidOperationException("The application has already been built.");
    }
}
