using Clipia;
using ClipiaFlows.Callbacks;
using ClipiaFlows.Manifests;
using ClipiaFlows.Notifications;
using ClipiaFlows.Planning;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Pacing;
using Microsoft.Extensions.Options;

namespace ClipiaFlows.Starting;

/// <summary>Plans a manifest and tells what a batch of it would cost and how long it would take. Spends and stores nothing.</summary>
/// <remarks>May be called again: what was priced is remembered, so that a large plan is priced over several calls.</remarks>
public sealed class DryRun(
    Catalogue catalogue, PlanPricing pricing, KeyPacing pacing, ClipiaClient clipia, UsualDurations durations, DurationMemory memory,
    EarlierOutputs earlier, EventTargets targets, IOptions<CallbackOptions> callbacks, IOptions<LimitOptions> limits, TimeProvider time)
{
    /// <summary>How long one call asks for prices before it answers with what it has.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    // A submission; where no webhook comes, the polls of a usual generation as well.
    private const double RequestsWithWebhook = 1;
    private const double RequestsWithPolls = 4;

    /// <summary>The plan, or everything that is wrong with the manifest.</summary>
    /// <param name="received">The manifest as it was received.</param>
    /// <param name="page">The jobs that are listed.</param>
    /// <param name="isStrict">Whether a manifest with warnings is refused.</param>
    /// <param name="cancellation">Ends the try.</param>
    /// <exception cref="ClipiaException">The API cannot tell models, prices or balance now, or refuses the key.</exception>
    public async Task<DryRunOutcome> RunAsync(ReceivedManifest received, PlanPage page, bool isStrict, CancellationToken cancellation)
    {
        var reading = await received.ReadAsync(cancellation);
        if (reading.Manifest is not { } manifest)
            return DryRunOutcome.Of(new StartOutcome.Invalid(reading.Problems));
        var models = await catalogue.ForAsync(ModelMentions.Of(manifest), cancellation);
        var planning = Planner.Plan(reading, PlanHash.IdOf(manifest), models, time.GetUtcNow(), cancellation);
        var untellable = targets.ProblemsOf(manifest.Notify);
        if (planning.Plan is not { } plan || untellable.Count > 0)
            return DryRunOutcome.Of(new StartOutcome.Invalid([.. planning.Problems, .. untellable]));
        if (limits.Value is { MaxBudgetCredits: { } highest } && manifest.Policy.BudgetCredits > highest)
            return DryRunOutcome.Of(new StartOutcome.BudgetAboveLimit(manifest.Policy.BudgetCredits.Value, highest));
        if (isStrict && planning.Warnings.Count > 0)
            return DryRunOutcome.Of(new StartOutcome.WarningsRefused(planning.Warnings));
        manifest = manifest.WithBudgetUpTo(limits.Value.MaxBudgetCredits);

        var prices = await pricing.PriceAsync(plan.Jobs, Patience, cancellation);
        var facts = await FactsAsync(cancellation);
        var firsts = ReuseClasses.Of(plan.Jobs);
        var taken = manifest.Policy.Reuse is ReuseScope.Always ? await earlier.FindAsync(plan.Jobs, firsts, cancellation) : new bool[plan.Jobs.Count];
        var report = new PlanReport(manifest, plan.Jobs, planning.Warnings, prices.ByJob, firsts, taken, prices.MissingInputs, facts);
        return new(report.Draw(page), prices.GoOnAt - time.GetUtcNow(), null);
    }

    private async Task<PlanFactsNow> FactsAsync(CancellationToken cancellation)
    {
        await memory.LoadAsync(cancellation);
        var balance = (await clipia.Account.GetAsync(cancellation)).BalanceCredits;
        var (concurrency, requestsPerMinute) = await pacing.LimitsAsync(cancellation);
        var requestsPerJob = callbacks.Value.PublicBaseUrl is null ? RequestsWithPolls : RequestsWithWebhook;
        return new(
            balance, concurrency, requestsPerMinute, requestsPerJob, time.GetUtcNow(),
            job => (durations.Of(job.Model, job.Kind == "video").Mean, durations.All.ContainsKey(job.Model)));
    }
}

/// <summary>What came of a dry run.</summary>
/// <param name="Plan">The plan; null when the manifest is refused.</param>
/// <param name="GoOnAfter">When prices are missing: how long to wait before the same call goes on.</param>
/// <param name="Refusal">Why a start would be refused as well; null when there is a plan.</param>
public sealed record DryRunOutcome(PlanView? Plan, TimeSpan? GoOnAfter, StartOutcome? Refusal)
{
    internal static DryRunOutcome Of(StartOutcome refusal) => new(null, null, refusal);

    /// <summary>Everything that is wrong with the manifest.</summary>
    public IReadOnlyList<ManifestProblem> Problems => Refusal is StartOutcome.Invalid invalid ? invalid.Problems : [];
}
