namespace ClipiaFlows.Manifests;

/// <summary>Reads how a batch is to be run.</summary>
internal static class PolicyReader
{
    private const decimal MostCredits = 1_000_000_000;
    private const string Duration = "an ISO 8601 duration such as PT20M or P2DT12H, more than zero and at most 366 days";

    public static ManifestPolicy Read(ObjectReader root, ProblemList problems, Nearest nearest)
    {
        if (root.Any("policy") is not { } element
            || ObjectReader.Open(element, root.At("policy"), ManifestFields.Policy, problems, nearest) is not { } policy)
            return new();

        var (moment, after) = Deadline(policy);
        return new()
        {
            MaxConcurrency = policy.Integer("maxConcurrency", 1, 1000),
            BudgetCredits = policy.Number("budgetCredits", 0, orEqual: false, MostCredits),
            OnBudget = policy.Choice<OnBudget>("onBudget", nearest) ?? OnBudget.Pause,
            Deadline = moment,
            DeadlineAfter = after,
            JobDeadline = policy.Parsed("jobDeadline", IsoTime.Duration, Duration),
            Retries = policy.Integer("retries", 0, 10) ?? 0,
            ToleratedFailurePercent = policy.Number("toleratedFailurePercent", 0, orEqual: true, 100),
            ToleratedFailureCount = policy.Integer("toleratedFailureCount", 0, ManifestLimits.MaxJobs),
            ApprovalSample = Sample(policy, problems, nearest),
            Reuse = policy.Choice<ReuseScope>("reuse", nearest) ?? ReuseScope.Never,
        };
    }

    private static (DateTimeOffset? Moment, TimeSpan? After) Deadline(ObjectReader policy)
    {
        if (policy.Text("deadline") is not { } text)
            return default;
        if (IsoTime.Moment(text) is { } moment)
            return (moment, null);
        if (IsoTime.Duration(text) is { } after)
            return (null, after);
        policy.Refuse(
            "deadline", policy.Any("deadline")!.Value,
            $"a moment with its offset such as 2026-03-31T18:00:00+02:00, or {Duration}");
        return default;
    }

    private static int Sample(ObjectReader policy, ProblemList problems, Nearest nearest)
    {
        if (policy.Any("approval") is not { } element
            || ObjectReader.Open(element, policy.At("approval"), ManifestFields.Approval, problems, nearest) is not { } approval)
            return 0;
        if (!approval.Has("sample"))
            approval.Missing("sample", "how many jobs are produced before somebody approves the rest");
        return approval.Integer("sample", 1, ManifestLimits.MaxJobs) ?? 0;
    }
}
