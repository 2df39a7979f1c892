namespace Clipia;

/// <summary>Balance and usage. Only reads; may be repeated at will.</summary>
public sealed class AccountClient
{
    private readonly ClipiaTransport _transport;

    internal AccountClient(ClipiaTransport transport) => _transport = transport;

    /// <summary>The balance and the use of the last 30 days.</summary>
    /// <exception cref="ClipiaException">Refused, or unreachable within the budget.</exception>
    public Task<Account> GetAsync(CancellationToken cancellationToken = default) =>
        _transport.SendAsync(new Call("account", HttpMethod.Get, "/v1/account"), Account.Read, cancellationToken);
}
