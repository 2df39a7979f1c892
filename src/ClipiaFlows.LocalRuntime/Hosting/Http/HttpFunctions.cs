using ClipiaFlows.LocalRuntime.Hosting.Discovery;
using ClipiaFlows.LocalRuntime.Hosting.Invocation;
using ClipiaFlows.LocalRuntime.Hosting.Startup;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace ClipiaFlows.LocalRuntime.Hosting.Http;

/// <summary>Gives every HTTP function its route.</summary>
internal sealed class HttpFunctions
{
    private static readonly string[] EveryMethod =
        ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"];

    private readonly List<HttpFunction> _functions = [];

    private HttpFunctions()
    {
    }

    public IReadOnlyList<HttpFunction> All => _functions;

    /// <summary>Whether executing the results needs services of MVC.</summary>
    public bool ReturnActionResults => _functions.Exists(http =>
        AwaitableResult.TypeOf(http.Function.Method.ReturnType)?.IsAssignableTo(typeof(IActionResult)) == true);

    public static HttpFunctions Find(IEnumerable<FunctionMethod> functions, string prefix, Problems problems)
    {
        var found = new HttpFunctions();
        foreach (var function in functions)
        {
            if (function.Trigger is HttpTriggerAttribute trigger)
                found.Add(function, trigger, prefix, problems);
        }

        return found;
    }

    public void Map(WebApplication app, HttpInvocation invocation, IReadOnlyList<AllowedHost> allowedHosts)
    {
        app.Use(new CrossSiteGuard(allowedHosts).RunAsync);
        app.Use(AnswerNotFoundForOtherMethods);
        foreach (var function in _functions)
            app.MapMethods(function.Route, function.Methods, http => invocation.RunAsync(http, function))
                .WithMetadata(function);
    }

    private void Add(FunctionMethod function, HttpTriggerAttribute trigger, string prefix, Problems problems)
    {
        var own = trigger.Route ?? function.Name;
        var route = prefix.Length == 0 ? own : own.Length == 0 ? prefix : $"{prefix}/{own}";
        if (HttpRoute.TryParse(route, out var problem) is null)
        {
            problems.Add($"Function '{function.Name}': its route '{own}' is not valid: {problem}");
            return;
        }

        var listed = (trigger.Methods ?? []).Select(method => method.ToUpperInvariant()).ToArray();
        var methods = listed.Length > 0 ? listed : EveryMethod;
        foreach (var other in _functions.Where(other => other.Route.Equals(route, StringComparison.OrdinalIgnoreCase)))
        {
            if (other.Methods.Intersect(methods).FirstOrDefault() is { } method)
                problems.Add($"Functions '{other.Function.Name}' and '{function.Name}' both answer {method} {route}.");
        }

        _functions.Add(new(function, route, methods, ShownMethods: listed));
    }

    // The genuine host has no route at all for a method that the function does not list.
    private static async Task AnswerNotFoundForOtherMethods(HttpContext http, RequestDelegate next)
    {
        await next(http);
        var ofFunction = http.GetEndpoint()?.Metadata.GetMetadata<HttpFunction>() is not null;
        if (ofFunction || http.Response.HasStarted || http.Response.StatusCode != StatusCodes.Status405MethodNotAllowed)
            return;
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        http.Response.Headers.Allow = default;
    }
}
