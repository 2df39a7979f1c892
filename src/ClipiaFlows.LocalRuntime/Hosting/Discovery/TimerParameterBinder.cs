using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace ClipiaFlows.LocalRuntime.Hosting.Discovery;

internal sealed class TimerParameterBinder : ParameterBinder
{
    protected override ArgumentSource? BindTrigger(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(TimerInfo) ? context => new(context.Trigger) : null;
}
