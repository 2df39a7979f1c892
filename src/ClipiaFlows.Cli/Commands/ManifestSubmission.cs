using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Cli.Commands;

/// <summary>Hands a manifest file to the app, once.</summary>
internal static class ManifestSubmission
{
    /// <summary>Sends it, and once more under the same key when the first answer did not come.</summary>
    public static async Task<Accepted> SendAsync(AppClient app, FileInfo manifest, CancellationToken cancellation)
    {
        var bytes = await File.ReadAllBytesAsync(manifest.FullName, cancellation);
        var idempotencyKey = Guid.NewGuid().ToString();
        try
        {
            return await app.SubmitAsync(bytes, idempotencyKey, cancellation);
        }
        catch (CommandFailure away) when (away.ExitCode == ExitCodes.NotReachable)
        {
            return await app.SubmitAsync(bytes, idempotencyKey, cancellation);
        }
    }
}
