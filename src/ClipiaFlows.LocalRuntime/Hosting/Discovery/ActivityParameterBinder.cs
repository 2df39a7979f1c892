using System.Reflection;
using ClipiaFlows.LocalRuntime.Durable;
using Microsoft.Extensions.DependencyInjection;

namespace ClipiaFlows.LocalRuntime.Hosting.Discovery;

internal sealed class ActivityParameterBinder : ParameterBinder
{
    protected override ArgumentSource? BindTrigger(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var absent = type.IsValueType ? Activator.CreateInstance(type) : null;
        return context => ((ActivityCall)context.Trigger).SerializedInput is { } input
            ? new(context.InstanceServices.GetRequiredService<DurableEngine>().Converter.Deserialize(input, type))
            : new(absent);
    }
}
