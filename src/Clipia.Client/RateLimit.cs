namespace Clipia;

/// <summary>What the answer said about the key's request rate. Every part is optional, and so is the whole.</summary>
/// <param name="Limit">Requests allowed in one window (a minute by default).</param>
/// <param name="Remaining">Requests left in this window.</param>
/// <param name="Reset">Time until the window frees; never negative.</param>
public sealed record RateLimit(int? Limit, int? Remaining, TimeSpan? Reset);
