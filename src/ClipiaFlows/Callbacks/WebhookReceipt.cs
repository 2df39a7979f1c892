namespace ClipiaFlows.Callbacks;

/// <summary>What became of a delivery.</summary>
public enum WebhookReceipt
{
    /// <summary>Genuine. It was stored and its job told, or it concerns nothing that is waiting.</summary>
    Accepted,

    /// <summary>The signature or the address's token is not genuine, or the signature is too old. Nothing changed.</summary>
    Rejected,

    /// <summary>Genuine, but no delivery. Nothing changed.</summary>
    Malformed,
}
