using ClipiaFlows.Stores;

namespace ClipiaFlows.Production;

/// <summary>Codes of the reasons for a pause or an end, besides the API's own error codes.</summary>
public static class PauseReasons
{
    /// <summary>Somebody asked for it.</summary>
    public const string ByRequest = "by_request";

    /// <summary>No ready job fits into the budget.</summary>
    public const string Budget = "budget_exhausted";

    /// <summary>A submission was accepted at another price than estimated.</summary>
    public const string ChargeDiffers = "charge_differs";

    /// <summary>The batch's deadline has passed.</summary>
    public const string Deadline = "deadline_passed";

    /// <summary>More jobs have failed than the policy bears.</summary>
    public const string Failures = "failures_exceeded";

    /// <summary>Storage will never take what a step wrote.</summary>
    public const string StorageRejected = StorageRejectedException.Code;

    /// <summary>The sample was rejected.</summary>
    public const string Rejected = "sample_rejected";
}
