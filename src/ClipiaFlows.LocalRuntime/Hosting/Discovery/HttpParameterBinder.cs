using System.Reflection;
using ClipiaFlows.LocalRuntime.Hosting.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing.Patterns;
using FromBodyAttribute = Microsoft.Azure.Functions.Worker.Http.FromBodyAttribute;

namespace ClipiaFlows.LocalRuntime.Hosting.Discovery;

internal sealed class HttpParameterBinder(string route) : ParameterBinder
{
    private readonly RoutePattern? _route = HttpRoute.TryParse(route, out _);

    public override string? CheckReturnType(Type type)
    {
        var result = Invocation.AwaitableResult.TypeOf(type);
        return result is null || result.IsAssignableTo(typeof(IActionResult)) || result.IsAssignableTo(typeof(IResult))
            ? null
            : $"an HTTP function returns an IActionResult or an IResult, not {result.Name}";
    }

    protected override ArgumentSource? BindTrigger(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(HttpRequest) ? context => new(((HttpContext)context.Trigger).Request) : null;

    protected override ArgumentSource? BindOther(ParameterInfo parameter)
    {
        if (parameter.IsDefined(typeof(FromBodyAttribute)))
            return context => RequestBody.ReadAsync((HttpContext)context.Trigger, parameter.ParameterType);
        return _route?.GetParameter(parameter.Name!) is { } value ? RouteValue.Bind(parameter, value.Name) : null;
    }
}
