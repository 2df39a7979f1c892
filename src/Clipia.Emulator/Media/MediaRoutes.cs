using Microsoft.Net.Http.Headers;

namespace Clipia.Emulator;

/// <summary>GET /media/{name}: no key needed, ranges and ETag supported.</summary>
internal static class MediaRoutes
{
    public static void Map(IEndpointRouteBuilder app, MediaLibrary library, Scenarios scenarios, GenerationDesk desk) =>
        app.MapMethods("/media/{name}", [HttpMethods.Get, HttpMethods.Head], async (HttpContext http, string name) =>
        {
            if (library.Find(name) is not { } file)
                return Results.NotFound();

            var generation = MediaName.TryParse(MediaName.Original(name), out var id, out _, out _) ? desk.Find(id) : null;
            var occasion = generation is null ? default : Occasion.Of(generation);
            if (scenarios.Match(Effects.RedirectMedia, occasion) is { } redirect)
                return Results.Redirect(redirect.Location ?? "http://127.0.0.1:9/");
            if (scenarios.Match(Effects.TruncateMedia, occasion) is not null)
                return await TruncateAsync(http, file);

            var type = MediaName.TypeOf(name);
            if (scenarios.Match(Effects.WrongMediaType, occasion) is not null)
                type = "text/html";
            // The file result does not look at the unit, and one that a server does not know has no meaning.
            if (!http.Request.Headers.Range.ToString().StartsWith("bytes=", StringComparison.OrdinalIgnoreCase))
                http.Request.Headers.Remove(HeaderNames.Range);
            http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            return Results.File(file, type, entityTag: new EntityTagHeaderValue($"\"{Path.GetFileNameWithoutExtension(name)}\""), enableRangeProcessing: true);
        });

    /// <summary>Promises the whole file and cuts the connection after half of it.</summary>
    private static async Task<IResult> TruncateAsync(HttpContext http, string file)
    {
        var bytes = await File.ReadAllBytesAsync(file);
        http.Response.ContentType = "application/octet-stream";
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
        await http.Response.Body.FlushAsync();
        // A reset overtakes bytes that the receiver has not read yet.
        await Task.Delay(TimeSpan.FromMilliseconds(200));
        http.Abort();
        return Results.Empty;
    }
}
