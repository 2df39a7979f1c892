using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Infra.Tests.Settings;

/// <summary>The settings that the app binds, found by starting it on a configuration that notes what it is asked for.</summary>
internal static class BoundSettings
{
    /// <summary>All names, when the app is configured with these settings.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var recording = new RecordingConfiguration(settings);
        var configuration = new ConfigurationBuilder().Add(recording).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddClipiaFlows(configuration);
        // Adding looks through everything for unresolved references; what is bound is read when it is needed.
        recording.Forget();
        using var provider = services.BuildServiceProvider();

        foreach (var options in services.Select(service => service.ServiceType).Where(IsConfigured).Distinct().ToList())
        {
            var wanted = typeof(IOptions<>).MakeGenericType(options.GetGenericArguments());
            _ = wanted.GetProperty(nameof(IOptions<>.Value))!.GetValue(provider.GetRequiredService(wanted));
        }

        foreach (var service in services.Where(IsOfTheProduct).ToList())
            _ = service.IsKeyedService ? provider.GetRequiredKeyedService(service.ServiceType, service.ServiceKey) : provider.GetService(service.ServiceType);
        return recording.Asked;
    }

    private static bool IsConfigured(Type service) =>
        service.IsGenericType && !service.ContainsGenericParameters && service.GetGenericTypeDefinition() == typeof(IConfigureOptions<>);

    private static bool IsOfTheProduct(ServiceDescriptor service) =>
        service.Lifetime == ServiceLifetime.Singleton && !service.ServiceType.ContainsGenericParameters
        && (service.IsKeyedService || service.ServiceType.Assembly == typeof(ClipiaFlowsServices).Assembly);
}
