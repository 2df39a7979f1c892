using ClipiaFlows.Callbacks;
using ClipiaFlows.Status;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Delivery;

/// <summary>
/// Links to stored outputs for people. They lead to the app, which streams the files: Blob Storage itself answers only to those
/// who have access to the account.
/// </summary>
public sealed class OutputLinks(IOptions<CallbackOptions> callbacks, IConfiguration configuration)
{
    // Azure sets it to the app's own host name.
    private const string HostName = "WEBSITE_HOSTNAME";

    private readonly string _root = callbacks.Value.PublicBaseUrl is { } root ? root.AbsoluteUri.TrimEnd('/')
        : configuration[HostName] is { Length: > 0 } host ? $"https://{host}"
        : "";

    /// <summary>Address of an output at the app; only its path where the app does not know its own address.</summary>
    /// <param name="batch">The batch's id.</param>
    /// <param name="path">The output's path below the batch's folder.</param>
    public Uri For(string batch, string path) => new(
        $"{_root}/api/batches/{batch}/outputs/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}", UriKind.RelativeOrAbsolute);

    /// <summary>A job whose outputs are linked so; the address in Blob Storage stays beside the link.</summary>
    public JobView Of(string batch, JobView job) => job.Outputs.Count == 0
        ? job
        : job with { Outputs = [.. job.Outputs.Select(output => output with { Url = For(batch, output.Path), BlobUrl = output.Url })] };
}
