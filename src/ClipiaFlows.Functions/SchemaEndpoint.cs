using ClipiaFlows.Manifests;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using HttpResults = Microsoft.AspNetCore.Http.Results;

namespace ClipiaFlows.Functions;

/// <summary>The JSON Schema of manifests, for editors. Anonymous: it is the same for everybody.</summary>
public static class SchemaEndpoint
{
    /// <summary>The schema.</summary>
    [Function("get-manifest-schema")]
    public static IResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "schema/manifest.json")] HttpRequest request)
    {
        request.HttpContext.Response.Headers.CacheControl = "public, max-age=3600";
        return HttpResults.Stream(ManifestSchema.Open(), "application/schema+json");
    }
}
