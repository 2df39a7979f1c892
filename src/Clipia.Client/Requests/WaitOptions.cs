namespace Clipia;

/// <summary>How to wait for the end of a generation.</summary>
public sealed record WaitOptions
{
    /// <summary>
    /// Pause before the second look; each later pause is half as long again, up to <see cref="LongestPause"/>. Every look
    /// counts against the key's 120 requests a minute. Default 2 s.
    /// </summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest pause between two looks, unless Clipia asks for a longer one. Default 15 s.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long to wait in all; then <see cref="ClipiaException"/> with <see cref="ClipiaErrorCodes.WaitTimeout"/>, and the
    /// generation goes on upstream. Default 15 min.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How patient each look is; null as the client is.</summary>
    public CallOptions? Call { get; init; }
}
