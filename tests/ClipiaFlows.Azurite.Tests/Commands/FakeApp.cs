using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.Azurite.Tests.Commands;

/// <summary>A server in place of the app, which answers what a test wants.</summary>
internal static class FakeApp
{
    public const string Counts = """{"total":2,"waiting":0,"ready":0,"submitting":0,"generating":0,"copying":0,"succeeded":2,"failed":0,"canceled":0,"skipped":0,"unresolved":0}""";

    public const string Batch = $$$"""{"id":"b-1","state":"Completed","jobs":{{{Counts}}},"credits":{}}""";

    public static async Task<WebApplication> ServeAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return app;
    }

    /// <summary>A finished batch <c>b-1</c> with one job that made these files; what a file is, <paramref name="content"/> answers.</summary>
    public static Task<WebApplication> ServeBatchAsync(string[] paths, Func<HttpContext, string, Task> content, Func<HttpContext, Task>? others = null)
    {
        const string Outputs = "/api/batches/b-1/outputs/";
        var results = JsonSerializer.Serialize(new
        {
            id = "fox", n = 1, model = "m", state = "Succeeded", attempt = 1, outputs = paths.Select(path => new { path }),
        });
        return ServeAsync(call => call.Request.Path.Value switch
        {
            "/api/batches/b-1" when call.Request.Method == "GET" => call.Response.WriteAsync(Batch),
            "/api/batches/b-1/jobs" => call.Response.WriteAsync("""{"jobs":[],"continuation":null}"""),
            "/api/batches/b-1/results" => call.Response.WriteAsync(results),
            { } path when path.StartsWith(Outputs, StringComparison.Ordinal) => content(call, path[Outputs.Length..]),
            _ => others?.Invoke(call) ?? call.Response.WriteAsync("content"),
        });
    }

    public static Task RefuseAsync(HttpContext call, int status, string code, string title)
    {
        call.Response.StatusCode = status;
        return call.Response.WriteAsync(JsonSerializer.Serialize(new { status, code, title }));
    }

    /// <summary>Runs a command against it.</summary>
    public static Task<CliResult> RunAsync(WebApplication app, params string[] arguments) => CliProcess.RunAsync(arguments, Variables(app));

    /// <summary>What leads a command to it.</summary>
    public static Action<IDictionary<string, string?>> Variables(WebApplication app) => environment =>
    {
        environment["CLIPIAFLOWS_URL"] = app.Urls.Single();
        environment["CLIPIAFLOWS_KEY"] = "function-key";
    };
}
