using System.Text.Json;

namespace ClipiaFlows.LocalRuntime.Hosting.Settings;

/// <summary>
/// The settings of host.json that the genuine host knows. Most mean nothing here and pass silently; a name outside
/// this list is most likely a typing error.
/// </summary>
internal static class HostJsonVocabulary
{
    // A section followed by /* is taken whole: its content belongs to an extension or a provider.
    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        "$schema", "version", "functions/*", "functionTimeout", "watchDirectories/*", "watchFiles/*", "telemetryMode",
        "configurationProfile", "sendCanceledInvocationsToWorker", "aggregator/*", "applicationInsights/*",
        "concurrency/*", "customHandler/*", "extensionBundle/*", "healthMonitor/*", "logging/*", "managedDependency/*",
        "retry/*", "singleton/*",
        "extensions/http/routePrefix", "extensions/http/maxOutstandingRequests", "extensions/http/maxConcurrentRequests",
        "extensions/http/dynamicThrottlesEnabled", "extensions/http/hsts/*", "extensions/http/customHeaders/*",
        "extensions/blobs/*", "extensions/cosmosDB/*", "extensions/eventGrid/*", "extensions/eventHubs/*",
        "extensions/kafka/*", "extensions/queues/*", "extensions/rabbitMQ/*", "extensions/sendGrid/*",
        "extensions/serviceBus/*", "extensions/signalR/*", "extensions/tables/*", "extensions/warmup/*",
    };

    private static readonly HashSet<string> KnownOfDurableTask = new(StringComparer.OrdinalIgnoreCase)
    {
        "hubName", "defaultVersion", "versionMatchStrategy", "versionFailureStrategy", "storageProvider/*", "tracing/*",
        "notifications/*", "httpSettings/*", "maxConcurrentActivityFunctions", "maxConcurrentOrchestratorFunctions",
        "maxConcurrentEntityFunctions", "maxEntityOperationBatchSize", "maxOrchestrationActions",
        "entityMessageReorderWindowInMinutes", "extendedSessionsEnabled", "extendedSessionIdleTimeoutInSeconds",
        "overridableExistingInstanceStates", "localRpcEndpointEnabled", "useAppLease", "useGracefulShutdown",
        "storeInputsInOrchestrationHistory", "rollbackEntityOperationsOnExceptions", "throwStatusExceptionsOnRaiseEvent",
        "customLifeCycleNotificationHelperType", "maxGrpcMessageSizeInBytes", "grpcHttpClientTimeout",
        "workerDispatchTimeout", "defaultHttpAsyncRequestSleepTimeMilliseconds",
    };

    public static IEnumerable<string> FindUnknown(JsonElement file) => FindUnknown(file, "");

    private static IEnumerable<string> FindUnknown(JsonElement section, string path)
    {
        foreach (var property in section.EnumerateObject())
        {
            var name = path + property.Name;
            if (IsKnown(name, property.Value))
                continue;
            if (property.Value.ValueKind == JsonValueKind.Object && HasKnownBelow(name))
            {
                foreach (var unknown in FindUnknown(property.Value, name + "/"))
                    yield return unknown;
            }
            else
            {
                yield return name.Replace('/', '.');
            }
        }
    }

    private static bool IsKnown(string name, JsonElement value) =>
        Contains(name) ||
        (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array && Contains(name + "/*"));

    private static bool HasKnownBelow(string name) =>
        name.Equals("extensions", StringComparison.OrdinalIgnoreCase) ||
        name.Equals("extensions/http", StringComparison.OrdinalIgnoreCase) ||
        name.Equals("extensions/durableTask", StringComparison.OrdinalIgnoreCase);

    private static bool Contains(string name)
    {
        const string DurableTask = "extensions/durableTask/";
        return name.StartsWith(DurableTask, StringComparison.OrdinalIgnoreCase)
            ? KnownOfDurableTask.Contains(name[DurableTask.Length..])
            : Known.Contains(name);
    }
}
