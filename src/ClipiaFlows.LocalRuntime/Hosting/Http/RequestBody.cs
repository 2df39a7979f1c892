using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.LocalRuntime.Hosting.Http;

/// <summary>The JSON body of a request as a parameter, under the JSON options of MVC as in the genuine extension.</summary>
internal static class RequestBody
{
    /// <summary>A body that is not JSON of that type throws, and the invocation fails, as on the genuine host.</summary>
    public static ValueTask<object?> ReadAsync(HttpContext http, Type type)
    {
        var options = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.JsonSerializerOptions;
        return http.Request.ReadFromJsonAsync(type, options, http.RequestAborted);
    }
}
