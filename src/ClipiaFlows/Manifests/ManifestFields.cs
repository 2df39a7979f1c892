namespace ClipiaFlows.Manifests;

/// <summary>The fields of every object of a manifest. A test keeps <c>manifest.schema.json</c> equal to them.</summary>
internal static class ManifestFields
{
    public static readonly string[] Root =
        ["$schema", "version", "id", "name", "tags", "defaults", "matrix", "jobs", "policy", "notify"];

    /// <summary>Those of the first line of JSON Lines, where the jobs follow in lines of their own.</summary>
    public static readonly string[] Header = [.. Root.Where(name => name != "jobs")];

    public static readonly string[] Defaults = ["model", "input", "output"];

    public static readonly string[] Job = ["id", "model", "input", "needs", "count", "priority", "output"];

    public static readonly string[] Output = ["path"];

    public static readonly string[] Policy =
    [
        "maxConcurrency", "budgetCredits", "onBudget", "deadline", "jobDeadline", "retries", "toleratedFailurePercent",
        "toleratedFailureCount", "approval", "reuse",
    ];

    public static readonly string[] Approval = ["sample"];

    public static readonly string[] Notification = ["webhook", "queue", "eventGrid"];
}
