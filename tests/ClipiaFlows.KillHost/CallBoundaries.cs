using ClipiaFlows.LocalRuntime.Durable.Storage;

namespace ClipiaFlows.KillHost;

/// <summary>Every call to the Clipia API and every fetch of media. The side after is passed when the whole answer is here.</summary>
internal sealed class CallBoundaries(Boundaries boundaries) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var what = $"call {request.Method} {Shape(request.RequestUri!.AbsolutePath)}";
        boundaries.Pass(CommitPoint.Before, what);
        var response = await base.SendAsync(request, cancellationToken);
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        boundaries.Pass(CommitPoint.After, what);
        return response;
    }

    // Ids differ from run to run.
    private static string Shape(string path) =>
        string.Join('/', path.Split('/').Select(part => part.Length > 20 || part.Contains('_', StringComparison.Ordinal) ? "…" : part));
}
