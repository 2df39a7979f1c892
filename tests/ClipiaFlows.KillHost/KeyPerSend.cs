namespace ClipiaFlows.KillHost;

/// <summary>Breaks the app on purpose, so that a test can see that the kill matrix finds it: every send has a key of its own.</summary>
internal sealed class KeyPerSend : DelegatingHandler
{
    private const string Header = "Idempotency-Key";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.Remove(Header))
            request.Headers.Add(Header, Guid.NewGuid().ToString());
        return base.SendAsync(request, cancellationToken);
    }
}
