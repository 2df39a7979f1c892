namespace Clipia.Emulator;

/// <summary>A page at / that shows keys, credits, requests and webhooks. It reads /_local as everybody else does.</summary>
internal static class DeveloperConsole
{
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'; connect-src 'self'";

    private static readonly byte[] Page = ReadPage();

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/", (HttpContext http) =>
    {
        if (LocalRoutes.IsForeign(http.Request))
            return LocalRoutes.RefuseForeign();
        http.Response.Headers.ContentSecurityPolicy = Policy;
        return Results.Bytes(Page, "text/html; charset=utf-8");
    });

    private static byte[] ReadPage()
    {
        using var resource = typeof(DeveloperConsole).Assembly.GetManifestResourceStream("console.html")!;
        var page = new byte[resource.Length];
        resource.ReadExactly(page);
        return page;
    }
}
