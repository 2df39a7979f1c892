using System.Text.Json;
using ClipiaFlows.Manifests;
using ClipiaFlows.Starting;
using Microsoft.AspNetCore.Http;

namespace ClipiaFlows.Functions;

/// <summary>
/// Reads what a request hands over: a manifest, as JSON or JSON Lines, or <c>{"manifestBlob":"name"}</c>, which names one
/// in the container of inputs.
/// </summary>
public sealed class ManifestBody(InputBlobs inputs)
{
    private const string Blob = "manifestBlob";
    private const int LongestPointer = 8 * 1024;

    internal async Task<(ReceivedManifest? Manifest, Problem? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (BodyEncoding.Refusal(request) is { } refusal)
            return (null, refusal);
        if (await RequestBody.ReadAsync(request, ManifestLimits.MaxBytes, cancellation) is not { } body)
        {
            return (null, new Problem(
                413, "manifest_too_large", $"A request takes a manifest of at most {ManifestLimits.MaxBytes} bytes.",
                $"Put a larger one into the container of inputs and send {{\"{Blob}\": \"its name\"}}."));
        }

        var format = ManifestFormats.Of(request.ContentType);
        return format is null && PointerIn(body) is { } pointer
            ? await FindAsync(pointer, cancellation)
            : (ReceivedManifest.OfBytes(body, format), null);
    }

    private static JsonElement? PointerIn(ReadOnlyMemory<byte> body)
    {
        // Whatever is wrong with the text, the reader of manifests reports it.
        var text = JsonBody.WithoutMark(body);
        if (text.Length > LongestPointer || JsonBody.ProblemsOf(text).Count > 0)
            return null;
        using var document = JsonDocument.Parse(text);
        return document.RootElement.ValueKind is JsonValueKind.Object && document.RootElement.TryGetProperty(Blob, out _)
            ? document.RootElement.Clone()
            : null;
    }

    private async Task<(ReceivedManifest? Manifest, Problem? Problem)> FindAsync(JsonElement pointer, CancellationToken cancellation)
    {
        var name = pointer.GetProperty(Blob);
        if (name.ValueKind is not JsonValueKind.String || !InputBlobs.IsValid(name.GetString()!) || pointer.EnumerateObject().Count() > 1)
        {
            return (null, new Problem(
                400, "invalid_manifest_blob", $"'{Blob}' does not name a blob.",
                $"Expected {{\"{Blob}\": \"folder/name.jsonl\"}} and nothing else."));
        }

        return await inputs.FindAsync(name.GetString()!, cancellation) is { } manifest
            ? (manifest, null)
            : (null, new Problem(
                400, "manifest_blob_not_found", $"There is no blob '{name.GetString()}' in the container of inputs.",
                "Put the manifest there first; Inputs:Container names the container."));
    }
}
