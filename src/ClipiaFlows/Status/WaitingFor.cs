using System.Text.Json.Serialization;

namespace ClipiaFlows.Status;

/// <summary>Why a job that has not ended is not running.</summary>
/// <param name="Code">For programs: one of <see cref="WaitingCodes"/>.</param>
/// <param name="Detail">For people: one sentence.</param>
public sealed record WaitingFor(
    [property: JsonPropertyName("code")] string Code, [property: JsonPropertyName("detail")] string Detail);

/// <summary>How many jobs of a batch wait for the same thing.</summary>
/// <param name="Code">For programs: one of <see cref="WaitingCodes"/>.</param>
/// <param name="Jobs">How many jobs.</param>
/// <param name="Detail">For people: one sentence.</param>
public sealed record WaitingJobs(
    [property: JsonPropertyName("code")] string Code,
    [property: JsonPropertyName("jobs")] int Jobs,
    [property: JsonPropertyName("detail")] string Detail);

/// <summary>What jobs wait for (docs/lifecycle.md lists the codes).</summary>
public static class WaitingCodes
{
    /// <summary>The batch is canceling, and the job will be canceled.</summary>
    public const string Canceling = "canceling";

    /// <summary>The batch's jobs are still being priced and written down.</summary>
    public const string Planning = "planning";

    /// <summary>The batch is paused.</summary>
    public const string Paused = "paused";

    /// <summary>The job does not fit into what is left of the batch's budget.</summary>
    public const string Budget = "budget";

    /// <summary>The sample must be approved first.</summary>
    public const string Approval = "approval";

    /// <summary>A retry of the batch is being priced.</summary>
    public const string Retry = "retry";

    /// <summary>The job needs others that have not succeeded.</summary>
    public const string Dependency = "dependency";

    /// <summary>An equal job is generated first, and its output is reused.</summary>
    public const string Reuse = "reuse";

    /// <summary>As many outputs of the batch are being stored as may be at a time.</summary>
    public const string Copies = "copies";

    /// <summary>As many generations are under way as the batch's policy allows.</summary>
    public const string MaxConcurrency = "max_concurrency";

    /// <summary>As many generations are under way as the API key allows.</summary>
    public const string KeySlots = "key_slots";

    /// <summary>The submission waits for the API key's request rate.</summary>
    public const string RequestRate = "request_rate";

    /// <summary>No limit holds the job back: the batch's next step submits it.</summary>
    public const string NextStep = "next_step";
}
