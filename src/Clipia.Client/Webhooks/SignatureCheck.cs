namespace Clipia;

/// <summary>What came of checking a webhook's signature. Only <see cref="Valid"/> may be acted on.</summary>
public enum SignatureCheck
{
    /// <summary>There is no signature.</summary>
    Missing,

    /// <summary>The header cannot be read as one time and a signature.</summary>
    Malformed,

    /// <summary>The signed time is too far in the past or in the future.</summary>
    Expired,

    /// <summary>No secret yields this signature for these bytes.</summary>
    Mismatch,

    /// <summary>One of the secrets signed these bytes at a time within the tolerance.</summary>
    Valid,
}
