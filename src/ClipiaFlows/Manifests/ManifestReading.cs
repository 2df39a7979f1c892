namespace ClipiaFlows.Manifests;

/// <summary>What came of reading a manifest.</summary>
/// <param name="Manifest">
/// The manifest, also when it has problems, as far as it could be understood: what could not be is left out, so that
/// planning it tells the problems that only planning sees. Null when the text is no JSON object within the limits.
/// </param>
/// <param name="Problems">Everything wrong with its shape; empty when nothing is.</param>
public sealed record ManifestReading(Manifest? Manifest, IReadOnlyList<ManifestProblem> Problems);
