using Clipia.Shared;

namespace ClipiaFlows.Stores;

/// <summary>
/// Lets the batches send Azurite few requests at once. It has one thread, and whatever is sent to it waits in its line; so those
/// for which somebody waits need not wait behind all that the batches have to do.
/// </summary>
/// <remarks>Storage in Azure has no such line, and is sent everything at once.</remarks>
/// <param name="inner">Sends.</param>
/// <param name="longestWait">
/// How long a request waits for its place; it is sent without one then, because two that need each other's answers may not wait for ever.
/// </param>
internal sealed class AzuriteGate(HttpMessageHandler inner, TimeSpan longestWait) : DelegatingHandler(inner)
{
    /// <summary>Azurite is as busy with four as with fifty (decision 19).</summary>
    public const int Places = 4;

    private readonly SemaphoreSlim _places = new(Places);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Foreground.IsCurrent || !EnvironmentProxy.IsLoopback(request.RequestUri!))
            return await base.SendAsync(request, cancellationToken);

        var hasPlace = await _places.WaitAsync(longestWait, cancellationToken);
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            if (hasPlace)
                _places.Release();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _places.Dispose();
        base.Dispose(disposing);
    }
}
