using Microsoft.AspNetCore.Routing.Patterns;

namespace ClipiaFlows.LocalRuntime.Hosting.Http;

/// <summary>Reads the route templates of HTTP functions.</summary>
internal static class HttpRoute
{
    public static RoutePattern? TryParse(string route, out string? problem)
    {
        problem = null;
        try
        {
            return RoutePatternFactory.Parse(route);
        }
        catch (RoutePatternException bad)
        {
            problem = bad.Message;
            return null;
        }
    }
}
