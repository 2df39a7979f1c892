namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>What one run of the campaign came to.</summary>
/// <param name="Kills">The boundaries at which the app was killed.</param>
/// <param name="Outcome">How it ended, comparable.</param>
/// <param name="Wrong">What did not agree at the end.</param>
internal sealed record KillRun(IReadOnlyList<string> Kills, string Outcome, IReadOnlyList<Finding> Wrong);
