using System.Net;
using Clipia.Shared;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Clipia.Emulator;

/// <summary>A running emulator of the Clipia API on 127.0.0.1. Several may run in one process.</summary>
public sealed class EmulatorApi : IAsyncDisposable
{
    // Larger bodies than the API takes are read this far, so that the sender sees the answer and not a broken pipe.
    private const long MaxDrainedBytes = 64 * RequestBody.MaxBytes;

    // Times a factor of a scenario, or the longest pause between webhooks, still a date.
    private const int LargestScale = 1_000_000;

    private readonly WebApplication _app;
    private readonly EmulatorState _state;

    private EmulatorApi(WebApplication app, EmulatorState state, Uri baseUrl)
    {
        (_app, _state, BaseUrl) = (app, state, baseUrl);
        (LiveKey, TestKey, WebhookSecret) = (state.LiveKey, state.TestKey, state.WebhookSecret);
    }

    /// <summary>Address of the API, without /v1.</summary>
    public Uri BaseUrl { get; }

    /// <summary>The live key when it was given or made at this start; null when an earlier start made it, since only its hash is kept.</summary>
    public string? LiveKey { get; }

    /// <summary>The test key when it was given or made at this start; null when an earlier start made it.</summary>
    public string? TestKey { get; }

    /// <summary>Signs the webhooks of this account.</summary>
    public string WebhookSecret { get; }

    /// <summary>Opens the data folder, takes up what an earlier process left there, and listens.</summary>
    /// <exception cref="IOException">The port or the data folder is in use; the message says which.</exception>
    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    /// <exception cref="InvalidDataException">The data folder belongs to another version.</exception>
    public static async Task<EmulatorApi> StartAsync(EmulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        Check(options);
        var app = Build(options);
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Clipia.Emulator");
        var state = await EmulatorState.OpenAsync(options, log);
        try
        {
            state.Map(app);
            await app.StartAsync(cancellationToken);
            var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            var baseUrl = new Uri(address);
            state.Begin(baseUrl);
            return new(app, state, baseUrl);
        }
        catch (Exception failure)
        {
            await app.DisposeAsync();
            await state.DisposeAsync();
            if (failure is IOException)
                throw new IOException($"Port {options.Port} on 127.0.0.1 is in use. Choose another one or stop the program that uses it.", failure);
            throw;
        }
    }

    /// <summary>Stops listening, finishes what is being written, and closes the data folder. Webhooks that are not sent yet stay stored.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _state.DisposeAsync();
    }

    private static void Check(EmulatorOptions options)
    {
        if (!InRange(options.ImageSeconds) || !InRange(options.VideoSeconds) || !InRange(options.WebhookRetryScale))
            throw new ArgumentException($"ImageSeconds, VideoSeconds and WebhookRetryScale must be between 0 and {LargestScale}.");
        if (options.Credits < 0)
            throw new ArgumentException("Credits must not be negative.");
        if (options.RequestsPerMinute < 1 || options.Concurrency < 1)
            throw new ArgumentException("RequestsPerMinute and Concurrency must be at least 1.");
        foreach (var (name, secret) in new[] { (nameof(options.LiveKey), options.LiveKey), (nameof(options.TestKey), options.TestKey), (nameof(options.WebhookSecret), options.WebhookSecret) })
        {
            if (SecretText.Flaw(secret) is { } flaw)
                throw new ArgumentException($"Emulator:{name} {flaw}; set it without.");
        }

        static bool InRange(double value) => value is >= 0 and <= LargestScale;
    }

    private static WebApplication Build(EmulatorOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxDrainedBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Listen(IPAddress.Loopback, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRouting();
        builder.Logging.SetMinimumLevel(options.LogRequests ? LogLevel.Information : LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        if (options.LogToConsole)
            builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        return builder.Build();
    }
}
