namespace Clipia;

/// <summary>Where a generation is in its life. A text this library does not know survives and is not terminal.</summary>
/// <param name="Value">The text as it came over the wire, such as <c>IN_QUEUE</c>; empty when there was none.</param>
public readonly record struct RequestStatus(string Value)
{
    /// <summary>Accepted and waiting for its turn.</summary>
    public static RequestStatus InQueue => new("IN_QUEUE");

    /// <summary>Being generated.</summary>
    public static RequestStatus InProgress => new("IN_PROGRESS");

    /// <summary>The outputs are ready and the credits are spent. Never changes again.</summary>
    public static RequestStatus Completed => new("COMPLETED");

    /// <summary>There will be no output and the credits came back. Never changes again.</summary>
    public static RequestStatus Failed => new("FAILED");

    /// <summary>Stopped outside of the API, in the web interface for instance. Never changes again.</summary>
    public static RequestStatus Canceled => new("CANCELED");

    /// <summary>True for the three statuses that never change again, false for every other text.</summary>
    public bool IsTerminal => this == Completed || this == Failed || this == Canceled;

    /// <summary>The text as it came over the wire.</summary>
    public override string ToString() => Value ?? "";
}
