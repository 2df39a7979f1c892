namespace Clipia;

/// <summary>Balance and usage. Only reads; may be repeated at will.</summary>
public sealed class AccountClient
{
    private readonly ClipiaTransport _transport;

    internal AccountClient(ClipiaTransport transport) => _transport = transport;

    /// <summary>The balance and the use of the last 30 days.</summary>
    /// <exception cref="ClipiaException">Refused, or unreachable within the budget.</exception>
    public Task<Account> GetAsync(CancellationToken cancellationToken = default) =>
        ReadAsync(null, cancellationToken);

    /// <inheritdoc cref="GetAsync(CancellationToken)"/>
    public Task<Account> GetAsync(CallOptions options, CancellationToken cancellationToken = default) => ReadAsync(options, cancellationToken);

    private Task<Account> ReadAsync(CallOptions? options, CancellationToken cancellationToken) =>
        _transport.SendAsync(new Call("account", HttpMethod.Get, "/v1/account") { Patience = options }, Account.Read, cancellationToken);
}
