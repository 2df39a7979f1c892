using ClipiaFlows.Pages;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using HttpResults = Microsoft.AspNetCore.Http.Results;

namespace ClipiaFlows.Functions;

/// <summary>The dashboard, and the description of the app's HTTP API.</summary>
public static class PageEndpoints
{
    private static readonly string Dashboard = WebPage.Load("dashboard", "img-src 'self' data:; media-src 'self'; connect-src 'self'").ToString();

    private static readonly byte[] OpenApi = ReadOpenApi();

    /// <summary>
    /// A page that shows batches as they run. Anonymous: it holds no data and no key, and asks the API for both data and, where
    /// the app wants one, a key.
    /// </summary>
    [Function("dashboard")]
    public static IResult ShowDashboard(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "dashboard")] HttpRequest request)
    {
        request.HttpContext.Response.Headers.XContentTypeOptions = "nosniff";
        request.HttpContext.Response.Headers["Referrer-Policy"] = "no-referrer";
        return HttpResults.Text(Dashboard, "text/html; charset=utf-8");
    }

    /// <summary>Describes the HTTP API (OpenAPI 3.1).</summary>
    [Function("openapi")]
    public static IResult DescribeApi(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "openapi.json")] HttpRequest request) =>
        HttpResults.Bytes(OpenApi, "application/json");

    private static byte[] ReadOpenApi()
    {
        using var stream = typeof(PageEndpoints).Assembly.GetManifestResourceStream("openapi.json")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
