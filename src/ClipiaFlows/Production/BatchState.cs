namespace ClipiaFlows.Production;

/// <summary>Where a batch stands (docs/lifecycle.md draws the ways between them).</summary>
public enum BatchState
{
    /// <summary>Accepted; its jobs are being priced and written down.</summary>
    Planning,

    /// <summary>A sample was produced; the rest waits for somebody's word.</summary>
    AwaitingApproval,

    /// <summary>Jobs are submitted as limits allow.</summary>
    Running,

    /// <summary>Nothing is submitted; what is paid for is collected.</summary>
    Paused,

    /// <summary>Nothing will be submitted any more; what is paid for is collected.</summary>
    Canceling,

    /// <summary>Every job succeeded.</summary>
    Completed,

    /// <summary>Every job ended, not all of them well.</summary>
    CompletedWithFailures,

    /// <summary>Ended before all jobs were submitted, because somebody or the policy said so.</summary>
    Canceled,

    /// <summary>Nothing could be produced at all.</summary>
    Failed,

    /// <summary>Its rows and papers are being deleted; then there is no such batch.</summary>
    Deleting,
}
