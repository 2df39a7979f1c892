using System.Net;
using Clipia;
using Clipia.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers <see cref="ClipiaClient"/>.</summary>
public static class ClipiaServiceCollectionExtensions
{
    private const string HttpClientName = "Clipia";

    /// <summary>
    /// Registers one <see cref="ClipiaClient"/> for the application. Options that break a rule stop the application at its start.
    /// Uses the registered <see cref="TimeProvider"/>, if any.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The HTTP client's builder, for handlers of your own.</returns>
    public static IHttpClientBuilder AddClipiaClient(this IServiceCollection services, Action<ClipiaClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<ClipiaClientOptions>().Configure(configure);
        return services.AddClient();
    }

    /// <summary>As the other one, with the options bound from a configuration section such as <c>Clipia</c>.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="section">Holds <c>ApiKey</c> and, as needed, the other properties of <see cref="ClipiaClientOptions"/>.</param>
    /// <returns>The HTTP client's builder, for handlers of your own.</returns>
    public static IHttpClientBuilder AddClipiaClient(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<ClipiaClientOptions>().Bind(section);
        return services.AddClient();
    }

    private static IHttpClientBuilder AddClient(this IServiceCollection services)
    {
        services.AddOptions<ClipiaClientOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ClipiaClientOptions>, ClipiaClientOptionsRules>());
        services.TryAddSingleton(provider => new ClipiaClient(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(HttpClientName),
            provider.GetRequiredService<IOptions<ClipiaClientOptions>>().Value,
            provider.GetService<TimeProvider>(),
            provider.GetService<ILogger<ClipiaClient>>()));

        // The client lives as long as the application, so connections are renewed by the handler instead of the factory.
        return services.AddHttpClient(HttpClientName, http => http.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.All,
                ConnectTimeout = TimeSpan.FromSeconds(10),
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                UseCookies = false,
                Proxy = EnvironmentProxy.OfProcess,
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
    }
}
