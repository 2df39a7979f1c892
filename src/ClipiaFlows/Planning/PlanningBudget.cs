using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>
/// Bounds the work of planning one manifest, for what a short text can multiply: variables by jobs, combinations by rules.
/// Also ends the work when the caller is gone.
/// </summary>
internal sealed class PlanningBudget(CancellationToken cancellation)
{
    private const int StepsBetweenChecks = 4096;
    private long _left = ManifestLimits.MaxPlanningSteps;
    private int _untilCheck = StepsBetweenChecks;

    /// <summary>Counts steps of about the same small cost.</summary>
    /// <exception cref="ManifestTooComplexException">More than a manifest may take. Only <see cref="Planner"/> catches it.</exception>
    /// <exception cref="OperationCanceledException">The caller is gone.</exception>
    public void Spend(long steps = 1)
    {
        _left -= steps;
        if (_left < 0)
            throw new ManifestTooComplexException();
        if (--_untilCheck > 0)
            return;
        _untilCheck = StepsBetweenChecks;
        cancellation.ThrowIfCancellationRequested();
    }
}

/// <summary>Ends the planning wherever the budget ends.</summary>
/// <remarks>An exception, because a return value would have to pass through every step of expanding a text.</remarks>
internal sealed class ManifestTooComplexException : Exception;
