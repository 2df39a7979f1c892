using Microsoft.AspNetCore.Http;

namespace ClipiaFlows.LocalRuntime.Hosting.Http;

/// <summary>
/// Keeps web pages of other sites from calling functions through the browser of the person who runs the app: keys are
/// not asked for here, so nothing else would stop a page from sending a POST to 127.0.0.1.
/// </summary>
internal static class CrossSiteGuard
{
    public static Task RunAsync(HttpContext http, RequestDelegate next)
    {
        // Only browsers send this header, and a page cannot change it.
        var site = http.Request.Headers["Sec-Fetch-Site"].ToString();
        var isSafe = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        if (isSafe || site is "" or "none" or "same-origin")
            return next(http);
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}
