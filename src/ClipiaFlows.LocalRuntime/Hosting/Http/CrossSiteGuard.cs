using Microsoft.AspNetCore.Http;

namespace ClipiaFlows.LocalRuntime.Hosting.Http;

/// <summary>
/// Keeps web pages of other sites from calling functions through the browser of the person who runs the app: keys are
/// not asked for here, so nothing else would stop a page from sending a POST to 127.0.0.1, or from reading everything under a
/// name of its own that leads there. No answer ever allows another origin to read it.
/// </summary>
internal sealed class CrossSiteGuard(IReadOnlyList<AllowedHost> allowed)
{
    public Task RunAsync(HttpContext http, RequestDelegate next)
    {
        var request = http.Request;
        if (!LoopbackHost.Is(request.Host.Value) && !allowed.Any(host => host.Allows(request.Host, request.Path)))
            return RefuseAsync(
                http, StatusCodes.Status421MisdirectedRequest, "host_refused",
                "This app answers to 127.0.0.1, localhost and [::1] only; other names are allowed by LocalRuntime:AllowedHosts.");
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            return next(http);

        // Only browsers send these headers, and a page cannot change them.
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site is not ("" or "none" or "same-origin") || !IsOwnOrigin(request))
            return RefuseAsync(
                http, StatusCodes.Status403Forbidden, "origin_refused", "A page of another origin may not change anything here.");
        return next(http);
    }

    private static bool IsOwnOrigin(HttpRequest request)
    {
        var origins = request.Headers.Origin;
        // Behind a tunnel the browser speaks https and the tunnel http.
        return origins.Count == 0
            || (origins is [{ } origin]
                && (origin.Equals($"http://{request.Host.Value}", StringComparison.OrdinalIgnoreCase)
                    || (!LoopbackHost.Is(request.Host.Value) && origin.Equals($"https://{request.Host.Value}", StringComparison.OrdinalIgnoreCase))));
    }

    private static Task RefuseAsync(HttpContext http, int status, string code, string sentence)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(
            new Dictionary<string, object> { ["title"] = sentence, ["status"] = status, ["code"] = code },
            options: null, "application/problem+json", http.RequestAborted);
    }
}
