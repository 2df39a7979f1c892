using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.DurableTask.Client;

namespace ClipiaFlows.LocalRuntime.Hosting.Discovery;

/// <summary>Decides where the parameters of a function get their values; one subclass for each trigger.</summary>
internal abstract class ParameterBinder
{
    public static ParameterBinder? For(TriggerBindingAttribute trigger, string function) => trigger switch
    {
        HttpTriggerAttribute http => new HttpParameterBinder(http.Route ?? function),
        TimerTriggerAttribute => new TimerParameterBinder(),
        ActivityTriggerAttribute => new ActivityParameterBinder(),
        OrchestrationTriggerAttribute => new OrchestrationParameterBinder(),
        _ => null,
    };

    /// <summary>The source of a parameter's value, or null and the problem.</summary>
    public ArgumentSource? Bind(ParameterInfo parameter, bool isTrigger, out string? problem)
    {
        problem = null;
        var source = isTrigger ? BindTrigger(parameter) : BindCommon(parameter) ?? BindOther(parameter);
        if (source is null)
            problem = isTrigger
                ? $"its trigger parameter '{parameter.Name}' cannot be a {parameter.ParameterType.Name}"
                : $"nothing can be bound to its parameter '{parameter.Name}' of type {parameter.ParameterType.Name}";
        return source;
    }

    /// <summary>Why a function with this trigger cannot return that type; null when it can.</summary>
    public virtual string? CheckReturnType(Type type) => null;

    protected abstract ArgumentSource? BindTrigger(ParameterInfo parameter);

    /// <summary>Binds what only this trigger knows.</summary>
    protected virtual ArgumentSource? BindOther(ParameterInfo parameter) => null;

    protected virtual ArgumentSource? BindCommon(ParameterInfo parameter)
    {
        if (parameter.ParameterType == typeof(FunctionContext))
            return context => new(context);
        if (parameter.ParameterType == typeof(CancellationToken))
            return context => new(context.CancellationToken);
        if (parameter.ParameterType == typeof(DurableTaskClient) && parameter.IsDefined(typeof(DurableClientAttribute)))
            return context => new(context.DurableClient);
        return null;
    }
}
