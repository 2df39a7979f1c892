namespace Clipia;

/// <summary>Options of one call.</summary>
public sealed record CallOptions : CallPatience;
