using System.Text;
using System.Text.Json;
using Azure.Core.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.LocalRuntime.Hosting.Durable;

/// <summary>
/// Durable payloads as the genuine worker writes them: with the app's serializer, which finds properties in any case and, unlike
/// that of Microsoft.DurableTask, leaves fields out, those of tuples included.
/// </summary>
internal sealed class WorkerDataConverter(ObjectSerializer serializer) : DataConverter
{
    /// <summary>The serializer of <see cref="WorkerOptions"/> when the app set one, else JSON under the app's options.</summary>
    public static DataConverter Of(IServiceProvider services) =>
        services.GetService<IOptions<WorkerOptions>>()?.Value.Serializer is { } own
            ? new WorkerDataConverter(own)
            : new JsonDataConverter(services.GetRequiredService<IOptions<JsonSerializerOptions>>().Value);

    public override string? Serialize(object? value) =>
        value is null ? null : serializer.Serialize(value, value.GetType(), CancellationToken.None).ToString();

    public override object? Deserialize(string? data, Type targetType)
    {
        if (data is null) return null;
        using var bytes = new MemoryStream(Encoding.UTF8.GetBytes(data));
        return serializer.Deserialize(bytes, targetType, CancellationToken.None);
    }
}
