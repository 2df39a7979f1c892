using Microsoft.AspNetCore.Http;

namespace ClipiaFlows.Functions;

/// <summary>The answer to HEAD where the body would only be made to be thrown away.</summary>
internal sealed class HeadersOnly(string contentType) : IResult
{
    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = contentType;
        return Task.CompletedTask;
    }
}
