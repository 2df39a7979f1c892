namespace Clipia.Emulator;

/// <summary>GET /openapi.json: the seven routes as OpenAPI 3.1. Inputs differ by model; their fields are in /v1/models/{slug}.</summary>
internal static class OpenApiDocument
{
    private static readonly byte[] Document = Read();

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/openapi.json", () => Results.Bytes(Document, "application/json"));

    private static byte[] Read()
    {
        using var resource = typeof(OpenApiDocument).Assembly.GetManifestResourceStream("openapi.json")!;
        var document = new byte[resource.Length];
        resource.ReadExactly(document);
        return document;
    }
}
