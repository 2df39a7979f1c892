using System.Security.Cryptography;
using ClipiaFlows.Durable;
using ClipiaFlows.Manifests;
using ClipiaFlows.Notifications;
using ClipiaFlows.Observability;
using ClipiaFlows.Planning;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Pacing;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Production.Steps;
using ClipiaFlows.Stores;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Starting;

/// <summary>Accepts manifests: checks the whole of one, stores it with its plan, and starts the batch.</summary>
/// <remarks>
/// May be called again with the same manifest and id, after any crash and by several callers at once: the batch row decides
/// who has the id, and everything after it is repeated until it stands.
/// </remarks>
public sealed class BatchStarter(
    Tables tables, IStateBlobs blobs, Catalogue catalogue, PlanPricing pricing, EventTargets targets, IOptions<PacingOptions> pacing,
    IOptions<LimitOptions> limits, TimeProvider time)
{
    /// <summary>Accepts a manifest, or tells everything that is wrong with it.</summary>
    /// <param name="received">The manifest as it was received.</param>
    /// <param name="idempotencyKey">The caller's key, which stands for an id when the manifest has none.</param>
    /// <param name="agreedPlan">The <see cref="PlanHash"/> of the plan that the caller agreed to; null for whatever it costs.</param>
    /// <param name="isStrict">Whether a manifest with warnings is refused.</param>
    /// <param name="client">Starts the instance.</param>
    /// <param name="cancellation">Ends the try.</param>
    /// <exception cref="Clipia.ClipiaException">The catalogue or a price cannot be had: nothing can be checked.</exception>
    public async Task<StartOutcome> StartAsync(
        ReceivedManifest received, string? idempotencyKey, string? agreedPlan, bool isStrict, DurableTaskClient client, CancellationToken cancellation)
    {
        using var span = FlowSpans.Accept();
        var reading = await received.ReadAsync(cancellation);
        if (reading.Manifest is not { } manifest)
            return new StartOutcome.Invalid(reading.Problems);

        var given = manifest.Id ?? (string.IsNullOrEmpty(idempotencyKey) ? null : BatchIds.FromIdempotencyKey(idempotencyKey));
        var id = given ?? BatchIds.Random(manifest.Name);
        // Nobody can have used an id that was drawn just now.
        var known = given is not null && reading.Hash.Length > 0 ? await tables.Jobs.FindAsync<BatchRow>(id, BatchRow.Key, cancellation) : null;
        if (known is not null)
        {
            // It would be accepted and never run.
            if (known.State is BatchState.Deleting)
                return new StartOutcome.BeingDeleted(id);
            if (known.ManifestHash != reading.Hash)
                return new StartOutcome.Conflict(id);
            if (known.State is not BatchState.Planning)
                return new StartOutcome.Accepted(id, known.State, known.Total);
        }

        var models = await catalogue.ForAsync(ModelMentions.Of(manifest), cancellation);
        var planning = Planner.Plan(reading, id, models, time.GetUtcNow(), cancellation);
        var untellable = targets.ProblemsOf(manifest.Notify);
        if (planning.Plan is not { } plan || untellable.Count > 0)
            return new StartOutcome.Invalid([.. planning.Problems, .. untellable]);
        // What was accepted is not refused later, though the limit was lowered before planning was done.
        if (known is null && limits.Value is { MaxBudgetCredits: { } highest } && manifest.Policy.BudgetCredits > highest)
            return new StartOutcome.BudgetAboveLimit(manifest.Policy.BudgetCredits.Value, highest);
        if (known is null && isStrict && planning.Warnings.Count > 0)
            return new StartOutcome.WarningsRefused(planning.Warnings);
        manifest = manifest.WithBudgetUpTo(limits.Value.MaxBudgetCredits);
        if (agreedPlan is not null)
        {
            var (refusal, priced) = await AgreeAsync(manifest, id, plan, models, agreedPlan, cancellation);
            if (refusal is not null)
                return refusal;
            plan = priced!;
        }

        var row = RowOf(id, reading.Hash, manifest, plan.Jobs.Count, time.GetUtcNow());
        // The watchdog's entry is there before the batch, so that no batch is without one.
        await tables.Batches.CommitAsync(RowChanges.Putting(BatchIndexRow.ForWatchdog(id, row.CreatedAt)), cancellation);
        if (await ClaimIdAsync(row, cancellation) is not { } batch)
            return new StartOutcome.Conflict(id);
        if (batch.State is BatchState.Deleting)
            return new StartOutcome.BeingDeleted(id);
        var addedManifest = await AddPapersAsync(batch, received, reading.Format, cancellation);
        // Last, because a batch runs once its plan is there, also when this process ends now: it is listed by then.
        var addedPlan = await AddPlanAsync(id, plan, cancellation);
        // An instance without a batch ends at once.
        var checking = IsStillThereAsync(batch, addedManifest, addedPlan, cancellation);
        await Task.WhenAll(checking, DurableStateException.ThrowOnTroubleAsync(() => BatchInstances.StartAsync(id, client, cancellation, batch.TraceParent)));
        if (!await checking)
            return new StartOutcome.BeingDeleted(id);
        span?.SetTag("clipiaflows.batch", id).SetTag("clipiaflows.jobs", batch.Total);
        return new StartOutcome.Accepted(id, batch.State, batch.Total) { Warnings = planning.Warnings };
    }

    /// <summary>The plan with its prices when it is the agreed one; why not otherwise.</summary>
    private async Task<(StartOutcome? Refusal, Plan? Priced)> AgreeAsync(
        Manifest manifest, string id, Plan plan, Planning.ModelCatalogue models, string agreed, CancellationToken cancellation)
    {
        // What was agreed to could not name the batch, which had no id yet.
        var asAgreed = id == PlanHash.IdOf(manifest)
            ? plan
            : Planner.Plan(manifest, PlanHash.IdOf(manifest), models, time.GetUtcNow(), cancellation).Plan!;
        var prices = await pricing.PriceAsync(asAgreed.Jobs, DryRun.Patience, cancellation);
        if (prices.GoOnAt is { } goOnAt)
            return (new StartOutcome.Unpriced(goOnAt - time.GetUtcNow()), null);

        var now = PlanHash.Of(asAgreed.Jobs, Credits, manifest.Policy);
        return now == agreed
            ? (null, plan with { Jobs = plan.Jobs.Select(job => job with { Credits = Credits(job) }).ToList() })
            : (new StartOutcome.OtherPlan(agreed, now), null);

        decimal? Credits(PlannedJob job) => prices.ByJob[job.N] is { Code: null, Credits: var credits } ? credits : null;
    }

    private async Task<BatchRow?> ClaimIdAsync(BatchRow batch, CancellationToken cancellation)
    {
        var changes = new RowChanges();
        changes.Add(batch);
        if (await tables.Jobs.CommitAsync(changes, cancellation))
            return batch;

        // Another start has the id, or this one, whose write was done although its answer was lost.
        var owner = await tables.Jobs.FindAsync<BatchRow>(batch.PartitionKey, BatchRow.Key, cancellation);
        return owner?.ManifestHash == batch.ManifestHash ? owner : null;
    }

    private BatchRow RowOf(string id, string hash, Manifest manifest, int jobs, DateTimeOffset now)
    {
        var policy = manifest.Policy;
        return new BatchRow
        {
            PartitionKey = id,
            RowKey = BatchRow.Key,
            Name = manifest.Name ?? id,
            State = BatchState.Planning,
            ListedAs = BatchIndexRow.ListedAs(BatchState.Planning),
            ManifestHash = hash,
            Seed = RandomNumberGenerator.GetHexString(32, lowercase: true),
            CreatedAt = now,
            UpdatedAt = now,
            MaxConcurrency = policy.MaxConcurrency ?? pacing.Value.Concurrency,
            Retries = policy.Retries,
            Budget = policy.BudgetCredits,
            OnBudget = policy.OnBudget,
            DeadlineAt = policy.Deadline ?? now + policy.DeadlineAfter,
            JobDeadlineSeconds = policy.JobDeadline?.TotalSeconds,
            ToleratedFailures = ToleratedFailures(policy, jobs),
            SampleLeft = policy.ApprovalSample is > 0 and var sample && sample < jobs ? sample : null,
            Reuse = policy.Reuse,
            TagsJson = StoredJson.Write(manifest.Tags),
            NotifyJson = manifest.Notify.Count == 0 ? "" : StoredJson.Write(manifest.Notify),
            TraceParent = FlowSpans.Current,
            Total = jobs,
        };
    }

    /// <summary>The stricter of both limits; a percentage bears the whole jobs that it covers.</summary>
    private static int? ToleratedFailures(ManifestPolicy policy, int jobs)
    {
        int? byPercent = policy.ToleratedFailurePercent is { } percent ? (int)Math.Floor(jobs * percent / 100) : null;
        return byPercent is { } some && policy.ToleratedFailureCount is { } count ? Math.Min(some, count) : byPercent ?? policy.ToleratedFailureCount;
    }

    /// <summary>Stores the manifest, unless it is there, and lists the batch.</summary>
    /// <returns>Whether the manifest was not there.</returns>
    private async Task<bool> AddPapersAsync(BatchRow batch, ReceivedManifest received, ManifestFormat format, CancellationToken cancellation)
    {
        var adding = AddManifestAsync(batch.PartitionKey, received, format, cancellation);
        await Task.WhenAll(adding, tables.Batches.CommitAsync(RowChanges.Putting(BatchIndexRow.ForListing(batch)), cancellation));
        return await adding;
    }

    /// <summary>Looks whether the batch was deleted while its papers were stored; then nothing stays, for another of its id to be taken for its own.</summary>
    private async Task<bool> IsStillThereAsync(BatchRow batch, bool addedManifest, bool addedPlan, CancellationToken cancellation)
    {
        var (id, listing) = (batch.PartitionKey, BatchIndexRow.ForListing(batch));
        if (await tables.Jobs.FindAsync<BatchRow>(id, BatchRow.Key, cancellation) is { } now && now.Seed == batch.Seed)
        {
            // It may have gone on while this run was suspended, and the entry that was put is of before.
            if (BatchIndexRow.ListedAs(now.State) != listing.State)
                await BatchListing.RepairAsync(tables, id, cancellation);
            return true;
        }

        if (addedPlan)
            await blobs.DeleteAllAsync(BlobNames.Plan(id), cancellation);
        if (addedManifest)
            await blobs.DeleteAllAsync(BlobNames.Manifest(id), cancellation);
        var changes = new RowChanges();
        changes.Delete(listing);
        await tables.Batches.CommitAsync(changes, cancellation);
        return false;
    }

    private async Task<bool> AddManifestAsync(
        string id, ReceivedManifest received, ManifestFormat format, CancellationToken cancellation)
    {
        await using var manifest = await received.OpenAsync(cancellation);
        var contentType = format is ManifestFormat.Json ? "application/json" : "application/x-ndjson";
        return await blobs.TryAddAsync(BlobNames.Manifest(id), manifest, contentType, cancellation);
    }

    private async Task<bool> AddPlanAsync(string id, Plan plan, CancellationToken cancellation)
    {
        using var lines = new MemoryStream();
        await PlanWriter.WriteAsync(lines, plan, cancellation);
        lines.Position = 0;
        return await blobs.TryAddAsync(BlobNames.Plan(id), lines, "application/x-ndjson", cancellation);
    }
}
