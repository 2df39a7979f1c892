using Microsoft.DurableTask;

namespace ClipiaFlows.LocalRuntime.Durable.Rpc;

/// <summary>Passes payloads on that the worker process has serialized already and will deserialize itself.</summary>
internal sealed class SerializedPayloads : DataConverter
{
    public override string? Serialize(object? value) => (string?)value;

    public override object? Deserialize(string? data, Type targetType) => data;
}
