using System.Net.Sockets;
using System.Reflection;
using System.Text.RegularExpressions;
using ClipiaFlows.LocalRuntime.Durable.Storage;
using ClipiaFlows.LocalRuntime.Hosting.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.LocalRuntime.Hosting.Startup;

/// <summary>Says in sentences what kept the app from starting.</summary>
internal static partial class StartupFailure
{
    private const string ChooseAnother =
        $"choose another port with --port or the setting {RuntimeSettings.PortKey}";

    public static IEnumerable<string> Describe(Exception failure, RuntimeSettings settings) => failure switch
    {
        AggregateException several => several.Flatten().InnerExceptions.SelectMany(each => Describe(each, settings)),
        OptionsValidationException options => options.Failures.Select(rule => Annotation.Replace(rule, "$1")),
        DurableStoreException state => [state.Message],
        TargetInvocationException { InnerException: { } inner } => Describe(inner, settings),
        _ when Find<AddressInUseException>(failure) is not null => [PortInUse(settings)],
        _ when Find<SocketException>(failure) is { SocketErrorCode: SocketError.AccessDenied } => [PortForbidden(settings)],
        _ => [Sentence(failure)],
    };

    // How .NET wraps what a rule says; it names types.
    [GeneratedRegex(@"\ADataAnnotation validation failed for '[^']*' members: '[^']*' with the error: '(.*)'\.\z", RegexOptions.Singleline)]
    private static partial Regex Annotation { get; }

    private static string PortInUse(RuntimeSettings settings) =>
        $"Port {settings.Port} on 127.0.0.1 is in use by another process; stop it or {ChooseAnother}.";

    private static string PortForbidden(RuntimeSettings settings) =>
        $"This user may not listen on port {settings.Port}; {ChooseAnother}.";

    private static T? Find<T>(Exception? failure)
        where T : Exception
    {
        while (failure is not null and not T)
            failure = failure.InnerException;
        return (T?)failure;
    }

    private static string Sentence(Exception failure)
    {
        List<string> messages = [];
        for (var each = failure; each is not null; each = each.InnerException)
        {
            if (!messages.Exists(message => message.Contains(each.Message, StringComparison.Ordinal)))
                messages.Add(each.Message);
        }

        return string.Join(" ", messages);
    }
}
