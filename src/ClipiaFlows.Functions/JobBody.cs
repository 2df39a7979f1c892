using System.Text.Json;
using ClipiaFlows.Manifests;
using ClipiaFlows.Starting;
using Microsoft.AspNetCore.Http;

namespace ClipiaFlows.Functions;

/// <summary>Reads a single job, as it would stand among a manifest's <c>jobs</c>, with a <c>name</c> for its batch, and makes the manifest of it.</summary>
internal static class JobBody
{
    private const int MostBytes = 1024 * 1024;
    private const string OnlyId = "job";
    private const string Name = "name";
    private const string Place = "/jobs/0";

    public static async Task<(ReceivedManifest? Manifest, Problem? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (BodyEncoding.Refusal(request) is { } refusal)
            return (null, refusal);
        if (await RequestBody.ReadAsync(request, MostBytes, cancellation) is not { } body)
            return (null, new Problem(413, "job_too_large", $"A job has at most {MostBytes} bytes."));
        var text = JsonBody.WithoutMark(body);
        if (JsonBody.ProblemsOf(text) is [var first, ..] problems)
            return (null, new Problem(400, "invalid_job", "The body is not JSON text.", first.Message) { Problems = problems });
        using var document = JsonDocument.Parse(text);
        return document.RootElement.ValueKind is JsonValueKind.Object
            ? (ReceivedManifest.OfBytes(ManifestOf(document.RootElement), ManifestFormat.Json), null)
            : (null, new Problem(400, "invalid_job", "The body is not a job.", "Expected an object such as {\"model\": \"…\", \"input\": {…}}."));
    }

    /// <summary>Where something is in the job, by where it is in the manifest that was made of it.</summary>
    public static string InJob(string pointer) => pointer.StartsWith(Place, StringComparison.Ordinal) ? pointer[Place.Length..] : pointer;

    private static bool IsName(JsonProperty member) => member.NameEquals(Name);

    private static byte[] ManifestOf(JsonElement job)
    {
        using var bytes = new MemoryStream();
        using (var manifest = new Utf8JsonWriter(bytes))
        {
            manifest.WriteStartObject();
            // A name that is given twice stays there twice, so that the reader of manifests refuses it.
            foreach (var name in job.EnumerateObject().Where(IsName))
                name.WriteTo(manifest);
            if (!job.TryGetProperty(Name, out _))
                manifest.WriteString(Name, OnlyId);
            manifest.WriteStartArray("jobs");
            manifest.WriteStartObject();
            if (!job.TryGetProperty("id", out _))
                manifest.WriteString("id", OnlyId);
            foreach (var member in job.EnumerateObject().Where(member => !IsName(member)))
                member.WriteTo(manifest);
            manifest.WriteEndObject();
            manifest.WriteEndArray();
            manifest.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
