using System.Runtime.Serialization;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Rows;

/// <summary>
/// Row <c>R|n|attempt</c>: everything about one attempt, from the frozen request to the outcome. Written by the
/// activities of its own RunJob instance, and by the webhook once the submission is recorded; under its ETag, always.
/// </summary>
public sealed class AttemptRow : Row
{
    /// <summary>The job's number.</summary>
    public int N { get; set; }

    /// <summary>The attempt, from 1.</summary>
    public int Attempt { get; set; }

    /// <summary>The job's id.</summary>
    public string JobId { get; set; } = "";

    /// <summary>The model's slug.</summary>
    public string Model { get; set; } = "";

    /// <summary>Whether the model makes videos.</summary>
    public bool IsVideo { get; set; }

    /// <summary>The template of the output path, of the plan.</summary>
    public string OutputPath { get; set; } = "";

    /// <summary><see cref="JobState.Submitting"/> to <see cref="JobState.Copying"/>, then how it ended.</summary>
    public JobState State { get; set; } = JobState.Submitting;

    /// <summary>Chosen before the first send and never changed: what makes a resend safe.</summary>
    public string IdempotencyKey { get; set; } = "";

    /// <summary>The exact bytes of the request; <c>null</c> when they are in <see cref="BodyBlob"/>.</summary>
    public byte[]? Body { get; set; }

    /// <summary>The blob that holds the exact bytes of a large request.</summary>
    public string? BodyBlob { get; set; }

    /// <summary>
    /// When the first send began whose outcome is not known; <c>null</c> once a definite answer has come. The key's 24
    /// hours are counted from here.
    /// </summary>
    public DateTimeOffset? UnknownSince { get; set; }

    /// <summary>Sends so far that led to nothing.</summary>
    public int Tries { get; set; }

    /// <summary>The accepted submission's id.</summary>
    public string? RequestId { get; set; }

    /// <summary>When the request was frozen, just before its first send.</summary>
    public DateTimeOffset? FrozenAt { get; set; }

    /// <summary>When the result was known.</summary>
    public DateTimeOffset? DeliveredAt { get; set; }

    /// <summary>Whether a webhook brought the result; otherwise it was asked for.</summary>
    public bool ByWebhook { get; set; }

    /// <summary>When copying began.</summary>
    public DateTimeOffset? CopyingAt { get; set; }

    /// <summary>When the submission was accepted.</summary>
    public DateTimeOffset? SubmittedAt { get; set; }

    /// <summary><see cref="Cost"/> as stored.</summary>
    public string? CostCredits { get; set; }

    /// <summary>Whether it was submitted with a test key: the cost is shown but never charged (clipia-api.md section 12).</summary>
    public bool IsFree { get; set; }

    /// <summary>The upstream output object, once the generation has completed.</summary>
    public string? OutputJson { get; set; }

    /// <summary>The stored files, as JSON: an array of <c>StoredOutput</c>.</summary>
    public string? FilesJson { get; set; }

    /// <summary>The batch does not want it any more: it is settled when it ends, and nothing is stored.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Its deadline has passed, and the batch was told.</summary>
    public bool IsOverdue { get; set; }

    /// <summary>
    /// The request of a delivery that came while it was not known whether the submission was accepted, or after the attempt had
    /// ended as unresolved. Empty once the API itself has said that there is such a request.
    /// </summary>
    public string? LateRequestId { get; set; }

    /// <summary>What makes it equal to another: SHA-256 over model, input with its upstream files' hashes, and replica.</summary>
    public string? ReuseKey { get; set; }

    /// <summary>
    /// The attempt whose outputs this one took instead of paying, as <c>batch/job id/attempt</c>; <c>null</c> when it was
    /// generated.
    /// </summary>
    public string? ReusedFrom { get; set; }

    /// <summary>Copies that failed so far.</summary>
    public int CopyTries { get; set; }

    /// <summary>When its files are fetched again, after a try that failed; <see cref="Code"/> and <see cref="Message"/> then name the failure.</summary>
    public DateTimeOffset? NextTryAt { get; set; }

    /// <summary>Whether the result is read again before the next try, because the addresses of its files may have expired.</summary>
    public bool IsResultStale { get; set; }

    /// <summary>Whether the batch has counted the charge already: its files could not be stored at first, and a retry collects them.</summary>
    public bool IsChargeCounted { get; set; }

    /// <summary>Why it failed, as a code.</summary>
    public string? Code { get; set; }

    /// <summary>The same for people, cut at 2 KB.</summary>
    public string? Message { get; set; }

    /// <summary>Whether it failed upstream, so that the policy's retries apply.</summary>
    public bool FailedUpstream { get; set; }

    /// <summary>Context of the span that froze the request (W3C trace context), to which deliveries are linked.</summary>
    public string? TraceParent { get; set; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>What the API charges for it: fixed at submission.</summary>
    [IgnoreDataMember]
    public decimal? Cost
    {
        get => CostCredits is null ? null : CreditColumn.Read(CostCredits);
        set => CostCredits = value is { } credits ? CreditColumn.Write(credits) : null;
    }

    /// <summary>Whether the generation succeeded, and so is paid for, and its files could not be stored: a retry collects them.</summary>
    [IgnoreDataMember]
    public bool IsCollectable => State is JobState.Failed && RequestId is not null && OutputJson is not null && ReusedFrom is null;

    /// <summary>Whether nothing will change any more.</summary>
    [IgnoreDataMember]
    public bool HasEnded => State is not (JobState.Submitting or JobState.Generating or JobState.Copying);
}
