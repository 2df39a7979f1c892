namespace ClipiaFlows.Planning;

/// <summary>A manifest expanded: every job with its number, and who waits for whom.</summary>
/// <param name="Jobs">The jobs; <c>Jobs[n].N</c> is n.</param>
/// <param name="Edges">The dependencies, each pair once, by the number of the job that waits.</param>
public sealed record Plan(IReadOnlyList<PlannedJob> Jobs, IReadOnlyList<PlanEdge> Edges);

/// <summary>One job waits for another.</summary>
/// <param name="From">Number of the job that must succeed first.</param>
/// <param name="To">Number of the job that waits for it.</param>
public readonly record struct PlanEdge(int From, int To);
