using Azure.Storage.Blobs.Models;
using ClipiaFlows.Manifests;
using ClipiaFlows.Stores;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Starting;

/// <summary>The container that manifests are put into which are too large for a request, or which a pipeline writes.</summary>
public sealed class InputBlobs(StorageAccount account, IOptions<InputOptions> options)
{
    private const int LongestName = 1024;

    /// <summary>Whether a blob can have this name.</summary>
    public static bool IsValid(string name) =>
        name.Length is > 0 and <= LongestName && !name.Any(char.IsControl) && !name.Contains('\\', StringComparison.Ordinal)
        && !name.Split('/').Any(segment => segment is "" or "." or "..");

    /// <summary>The manifest under a name, in the version that is there now; <c>null</c> when there is none.</summary>
    /// <remarks>Reading throws <see cref="Azure.RequestFailedException"/> with status 412 when somebody replaces it meanwhile.</remarks>
    public async Task<ReceivedManifest?> FindAsync(string name, CancellationToken cancellation)
    {
        var blob = account.Blobs.GetBlobContainerClient(options.Value.Container).GetBlobClient(name);
        try
        {
            var found = (await blob.GetPropertiesAsync(cancellationToken: cancellation)).Value;
            var asItIs = new BlobOpenReadOptions(allowModifications: false) { Conditions = new BlobRequestConditions { IfMatch = found.ETag } };
            return ReceivedManifest.OfStream(
                ManifestFormats.Of(found.ContentType), stop => blob.OpenReadAsync(asItIs, stop), ManifestLimits.MaxBlobBytes);
        }
        catch (Azure.RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }
}
