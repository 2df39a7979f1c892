using Microsoft.AspNetCore.Http;

namespace Clipia.Tests.Support;

/// <summary>What <see cref="FakeApi"/> can answer.</summary>
public static class Answers
{
    public static Func<HttpContext, Task> Json(string json, int status = 200, params (string Name, string Value)[] headers) =>
        Text(json, "application/json", status, headers);

    public static Func<HttpContext, Task> Error(int status, string code, params (string Name, string Value)[] headers) =>
        Json($$$"""{"error":{"type":"some_error","code":"{{{code}}}","message":"Something about {{{code}}}."}}""", status, headers);

    public static Func<HttpContext, Task> Html(int status) =>
        Text("<html><body><h1>Bad gateway</h1></body></html>", "text/html", status);

    public static Func<HttpContext, Task> Text(
        string text, string contentType, int status = 200, params (string Name, string Value)[] headers) => context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
        return context.Response.WriteAsync(text);
    };

    /// <summary>Promises more bytes than it sends; the server then closes the connection.</summary>
    public static async Task BreakOff(HttpContext context)
    {
        context.Response.ContentLength = 1000;
        await context.Response.WriteAsync("""{"request_id":""");
    }

    public static Task Reset(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    /// <summary>Never answers.</summary>
    public static async Task Hang(HttpContext context) => await Task.Delay(Timeout.Infinite, context.RequestAborted);
}
