using Clipia.Shared;

namespace ClipiaFlows.Stores;

/// <summary>
/// Limits how many requests the batches send to Azurite concurrently. Azurite is single-threaded, so every request in flight delays
/// those that a caller is waiting for.
/// </summary>
/// <remarks>Azure Storage has no such limit, and requests to it pass unhindered.</remarks>
/// <param name="inner">Sends the requests.</param>
/// <param name="maxWait">
/// How long a request may be held back before it is sent regardless. Without it, two requests that need each other's responses could
/// block each other forever.
/// </param>
internal sealed class AzuriteGate(HttpMessageHandler inner, TimeSpan maxWait) : DelegatingHandler(inner)
{
    /// <summary>Four keep Azurite as busy as fifty do (decision 19).</summary>
    public const int MaxConcurrentRequests = 4;

    private readonly SemaphoreSlim _free = new(MaxConcurrentRequests);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Foreground.IsCurrent || !EnvironmentProxy.IsLoopback(request.RequestUri!))
            return await base.SendAsync(request, cancellationToken);

        var isCounted = await _free.WaitAsync(maxWait, cancellationToken);
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            if (isCounted)
                _free.Release();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _free.Dispose();
        base.Dispose(disposing);
    }
}
