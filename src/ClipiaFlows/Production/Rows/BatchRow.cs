using System.Runtime.Serialization;
using ClipiaFlows.Manifests;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Rows;

/// <summary>Row <c>C</c>: the batch's state, limits and counters. Its ETag guards every step of Advance.</summary>
public sealed class BatchRow : Row
{
    /// <summary>The key of the only such row of a batch.</summary>
    public const string Key = "C";

    /// <summary>The name that the manifest gives, or the id.</summary>
    public string Name { get; set; } = "";

    /// <summary>Where the batch stands.</summary>
    public BatchState State { get; set; }

    /// <summary>What its entry for listing was last written as; <c>null</c> when that is not known.</summary>
    public string? ListedAs { get; set; }

    /// <summary>Why it stands there, for people; empty when there is nothing to say.</summary>
    public string? Reason { get; set; }

    /// <summary>The error code that paused the batch; empty when a person did.</summary>
    public string? ReasonCode { get; set; }

    /// <summary>SHA-256 of the manifest's canonical form: the same id with another hash is another manifest.</summary>
    public string ManifestHash { get; set; } = "";

    /// <summary>Part of every idempotency key of this batch, so that a deleted and repeated batch id has keys of its own.</summary>
    public string Seed { get; set; } = "";

    /// <summary>When the batch was accepted.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When anything last changed.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>When the last job ended.</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Most jobs generating at a time, of the manifest's policy.</summary>
    public int MaxConcurrency { get; set; }

    /// <summary>How often a job that failed upstream is tried again.</summary>
    public int Retries { get; set; }

    /// <summary><see cref="Budget"/> as stored.</summary>
    public string? BudgetCredits { get; set; }

    /// <summary>What happens when no ready job fits into the budget any more.</summary>
    public OnBudget OnBudget { get; set; }

    /// <summary>When submitting stops.</summary>
    public DateTimeOffset? DeadlineAt { get; set; }

    /// <summary>How long a submission may take, in seconds, until its job counts as unresolved.</summary>
    public double? JobDeadlineSeconds { get; set; }

    /// <summary>Failed jobs that are borne; with more, nothing more is submitted.</summary>
    public int? ToleratedFailures { get; set; }

    /// <summary>Sample jobs that may still be claimed before somebody must approve; <c>null</c> when nobody must any more.</summary>
    public int? SampleLeft { get; set; }

    /// <summary>Which earlier outputs are taken instead of paying again.</summary>
    public ReuseScope Reuse { get; set; }

    /// <summary>What was charged instead of estimates, as JSON: see <see cref="ChargedPrices"/>.</summary>
    public string? ChargedPricesJson { get; set; }

    /// <summary>While cancelling: whether generations under way are left too.</summary>
    public bool IsAbandoning { get; set; }

    /// <summary>While cancelling: jobs with a lower number have been looked at.</summary>
    public int CancelNext { get; set; }

    /// <summary>Whether a <see cref="RetryRow"/> stands.</summary>
    public bool IsRetrying { get; set; }

    /// <summary>Whether the outputs are deleted with the rest.</summary>
    public bool DeletesOutputs { get; set; }

    /// <summary>Rows of <see cref="TailRow"/> whose instance still waits.</summary>
    public int LiveTails { get; set; }

    /// <summary>Whether something changed after the receipt was written.</summary>
    public bool IsReceiptDue { get; set; }

    /// <summary>The manifest's labels, as a JSON object of strings.</summary>
    public string TagsJson { get; set; } = "{}";

    /// <summary>Whom the manifest wants told, as a JSON array of <see cref="ManifestNotification"/>; empty when nobody.</summary>
    public string NotifyJson { get; set; } = "";

    /// <summary>Context of the span that accepted the batch (W3C trace context), under which all its steps are traced.</summary>
    public string? TraceParent { get; set; }

    /// <summary>Events written to the outbox so far.</summary>
    public long Events { get; set; }

    /// <summary>All jobs of the plan.</summary>
    public int Total { get; set; }

    /// <summary>Whether somebody asked for a pause while the batch was being planned: it then does not start to run.</summary>
    public bool PausePlanned { get; set; }

    /// <summary>Jobs already seeded; planning goes on from here.</summary>
    public int Seeded { get; set; }

    /// <summary>Jobs that need others.</summary>
    public int Waiting { get; set; }

    /// <summary>Jobs in the ready queue.</summary>
    public int Ready { get; set; }

    /// <summary>Jobs that hold a slot upstream: submitting or generating.</summary>
    public int Generating { get; set; }

    /// <summary>Jobs whose outputs are being stored.</summary>
    public int Copying { get; set; }

    /// <summary>Jobs whose outputs could not be fetched at first and are tried again; they are not among <see cref="Copying"/>.</summary>
    public int RetryingCopy { get; set; }

    /// <summary>Jobs that ended well.</summary>
    public int Succeeded { get; set; }

    /// <summary>Jobs that failed.</summary>
    public int Failed { get; set; }

    /// <summary>Jobs that were cancelled.</summary>
    public int Canceled { get; set; }

    /// <summary>Jobs that were skipped.</summary>
    public int Skipped { get; set; }

    /// <summary>Jobs that a person must decide.</summary>
    public int Unresolved { get; set; }

    /// <summary><see cref="Estimated"/> as stored.</summary>
    public string EstimatedCredits { get; set; } = "0";

    /// <summary><see cref="Reserved"/> as stored.</summary>
    public string ReservedCredits { get; set; } = "0";

    /// <summary><see cref="Charged"/> as stored.</summary>
    public string ChargedCredits { get; set; } = "0";

    /// <summary><see cref="Committed"/> as stored.</summary>
    public string CommittedCredits { get; set; } = "0";

    /// <summary><see cref="Refunded"/> as stored.</summary>
    public string RefundedCredits { get; set; } = "0";

    /// <summary><see cref="Saved"/> as stored.</summary>
    public string SavedCredits { get; set; } = "0";

    /// <summary>Credits that the batch may spend at most; <c>null</c> for no limit.</summary>
    [IgnoreDataMember]
    public decimal? Budget
    {
        get => BudgetCredits is null ? null : CreditColumn.Read(BudgetCredits);
        set => BudgetCredits = value is { } credits ? CreditColumn.Write(credits) : null;
    }

    /// <summary>Estimates of unresolved and abandoned jobs: they may have been, or may still be, charged.</summary>
    [IgnoreDataMember]
    public decimal Committed
    {
        get => CreditColumn.Read(CommittedCredits);
        set => CommittedCredits = CreditColumn.Write(value);
    }

    /// <summary>What was reserved for accepted submissions that then failed and were not charged.</summary>
    [IgnoreDataMember]
    public decimal Refunded
    {
        get => CreditColumn.Read(RefundedCredits);
        set => RefundedCredits = CreditColumn.Write(value);
    }

    /// <summary>Estimates of jobs that took the output of an earlier one.</summary>
    [IgnoreDataMember]
    public decimal Saved
    {
        get => CreditColumn.Read(SavedCredits);
        set => SavedCredits = CreditColumn.Write(value);
    }

    /// <summary>What the whole plan costs, by the API's estimates.</summary>
    [IgnoreDataMember]
    public decimal Estimated
    {
        get => CreditColumn.Read(EstimatedCredits);
        set => EstimatedCredits = CreditColumn.Write(value);
    }

    /// <summary>Estimates of the jobs that are under way.</summary>
    [IgnoreDataMember]
    public decimal Reserved
    {
        get => CreditColumn.Read(ReservedCredits);
        set => ReservedCredits = CreditColumn.Write(value);
    }

    /// <summary>What finished jobs were charged.</summary>
    [IgnoreDataMember]
    public decimal Charged
    {
        get => CreditColumn.Read(ChargedCredits);
        set => ChargedCredits = CreditColumn.Write(value);
    }

    /// <summary>The state when the row was read, for a step to see whether it has changed it.</summary>
    [IgnoreDataMember]
    public BatchState? StateAsRead { get; set; }

    /// <summary>What is spent or may be: no claim lets it pass the budget.</summary>
    [IgnoreDataMember]
    public decimal Bound => Charged + Reserved + Committed;

    /// <summary>Jobs that hold a slot upstream, those included that the batch does not wait for.</summary>
    [IgnoreDataMember]
    public int Occupying => Generating + LiveTails;

    /// <summary>Jobs that are claimed and have not ended.</summary>
    [IgnoreDataMember]
    public int UnderWay => Generating + Copying + RetryingCopy;

    /// <summary>Whether every job of the plan has ended.</summary>
    [IgnoreDataMember]
    public bool AllJobsEnded => Seeded == Total && Succeeded + Failed + Canceled + Skipped + Unresolved == Total;

    /// <summary>Whether a row of that seed belongs to this batch and not to a deleted one of its id. One without a seed does.</summary>
    public bool Owns(string seed) => seed.Length == 0 || seed == Seed;

    /// <summary>Stops submitting until somebody, or the reason's end, says otherwise.</summary>
    public void PauseFor(string code, string? reason) => (State, ReasonCode, Reason) = (BatchState.Paused, code, StoredText.Cut(reason));

    /// <summary>Stops submitting for good.</summary>
    public void CancelFor(string code, string reason) => (State, ReasonCode, Reason) = (BatchState.Canceling, code, StoredText.Cut(reason));

    /// <summary>Goes on submitting.</summary>
    public void GoOn() => (State, ReasonCode, Reason) = (BatchState.Running, null, null);

    /// <summary>Counts one claimed job more, or fewer, where its claim says that it is.</summary>
    public void Count(ActiveRow claim, int by)
    {
        if (claim.IsRetryingCopy)
            RetryingCopy += by;
        else
            Count(claim.Copying ? JobState.Copying : JobState.Generating, by);
    }

    /// <summary>Counts one job more, or fewer, in a state.</summary>
    public void Count(JobState state, int by)
    {
        switch (state)
        {
            case JobState.Waiting: Waiting += by; break;
            case JobState.Ready: Ready += by; break;
            case JobState.Submitting or JobState.Generating: Generating += by; break;
            case JobState.Copying: Copying += by; break;
            case JobState.Succeeded: Succeeded += by; break;
            case JobState.Failed: Failed += by; break;
            case JobState.Canceled: Canceled += by; break;
            case JobState.Skipped: Skipped += by; break;
            case JobState.Unresolved: Unresolved += by; break;
            default: throw new ArgumentOutOfRangeException(nameof(state), state, "Not a state of a job.");
        }
    }
}
