using Microsoft.AspNetCore.Http;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>What worker middleware needs of the HTTP request.</summary>
public static class FunctionContextExtensions
{
    // The key of the genuine extension.
    internal const string HttpContextKey = "HttpRequestContext";

    /// <summary>The HTTP request behind this invocation, or null when the trigger is another.</summary>
    public static HttpContext? GetHttpContext(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Items.TryGetValue(HttpContextKey, out var http) ? http as HttpContext : null;
    }
}
