using System.Reflection;
using System.Text.Json;
using ClipiaFlows.LocalRuntime.Durable;

namespace ClipiaFlows.LocalRuntime.Hosting.Discovery;

internal sealed class ActivityParameterBinder : ParameterBinder
{
    // As the genuine JsonDataConverter.Default.
    private static readonly JsonSerializerOptions Json = new() { IncludeFields = true };

    protected override ArgumentSource? BindTrigger(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var absent = type.IsValueType ? Activator.CreateInstance(type) : null;
        return context => ((ActivityCall)context.Trigger).SerializedInput is { } input
            ? new(JsonSerializer.Deserialize(input, type, Json))
            : new(absent);
    }
}
