using System.Globalization;
using ClipiaFlows.Durable;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>What must hold after every move.</summary>
internal static class Invariants
{
    // Between two polls; tries of a submission come sooner.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    public static void Check(World world)
    {
        var rows = BatchRows.Read(world);
        CheckMoney(world, rows);
        if (rows.Batch is { State: not BatchState.Deleting } batch)
            CheckCounters(batch, rows);
        if (world.Stopped is null)
            CheckNothingIsLeftOver(world, rows);
    }

    private static void CheckMoney(World world, BatchRows rows)
    {
        foreach (var paid in world.Api.Generations.GroupBy(one => one.Instance))
            Require(paid.Count() == 1, $"{paid.Key} was paid {paid.Count()} times.");
        if (rows.Batch is { State: not BatchState.Deleting } batch)
            Require(
                world.Api.Charged + world.Api.Reserved <= batch.Bound,
                $"The API has charged {world.Api.Charged} and reserved {world.Api.Reserved}, the batch knows of {batch.Bound}.");
    }

    private static void CheckCounters(BatchRow batch, BatchRows rows)
    {
        foreach (var (state, count) in new[]
        {
            (JobState.Waiting, batch.Waiting), (JobState.Ready, batch.Ready), (JobState.Succeeded, batch.Succeeded), (JobState.Failed, batch.Failed),
            (JobState.Canceled, batch.Canceled), (JobState.Skipped, batch.Skipped), (JobState.Unresolved, batch.Unresolved),
        })
        {
            var stand = rows.Jobs.Count(job => job.State == state);
            Require(count == stand, $"{count} {state} are counted, {stand} stand.");
        }

        Require(Same(rows.Jobs.Where(job => job.State is JobState.Submitting).Select(Key), rows.Active.Select(one => (one.N, one.Attempt))), "Claims and submitting jobs differ.");
        Require(Same(rows.Jobs.Where(job => job.State is JobState.Ready).Select(Key), rows.Ready.Select(one => (one.N, one.Attempt))), "Queue and ready jobs differ.");
        Require(Same(rows.Active, batch), "Claims and counters differ.");
        Require(batch.Reserved == rows.Active.Sum(one => CreditColumn.Read(one.EstimateCredits)), "Reserved credits and claims differ.");
        Require(batch.Committed == rows.Tails.Sum(one => CreditColumn.Read(one.EstimateCredits)), "Committed credits and tails differ.");
        Require(batch.LiveTails == rows.Tails.Count(one => one.IsLive), "Live tails and their counter differ.");
        Require(batch.Charged == rows.Jobs.Sum(job => job.Charged), "Charged credits and jobs differ.");
    }

    /// <summary>At rest, everything belongs to something, and what has news acts on it.</summary>
    private static void CheckNothingIsLeftOver(World world, BatchRows rows)
    {
        foreach (var job in world.Engine.Instances.Where(one => one.Flow == RunJob.Name && one.IsActive))
            CheckWaiting(world, rows, job);
        // A process that dies between a claim and its start leaves that to the watchdog.
        foreach (var claim in rows.Active.Where(_ => !world.WasCutShort))
            CheckRunning(world, claim);
        if (rows.Batch is not null)
            return;
        // The watchdog's own entry goes when it next comes by and purges the instance that deleted the batch.
        var partitions = world.Jobs.Snapshot().Select(row => row.Key).Concat(world.Batches.Snapshot().Where(row => row.Partition is "all").Select(row => row.Key));
        Require(!partitions.Any(), $"The batch is deleted and rows are left: {string.Join(", ", partitions)}.");
        // A body that was just being stored when its batch was deleted stays; nobody reads it any more.
        var papers = world.Blobs.Blobs.Keys.Where(name => !(world.WasStopped && name.StartsWith("deliveries/", StringComparison.Ordinal)));
        Require(!papers.Any(), $"The batch is deleted and papers are left: {string.Join(", ", papers)}.");
        Require(world.Outputs.Names.Count == 0, $"The batch is deleted and outputs are left: {string.Join(", ", world.Outputs.Names)}.");
        Require(!world.Engine.Instances.Any(one => one is { IsActive: true, Activities.Count: 0 }), "The batch is deleted and an instance runs.");
    }

    private static void CheckRunning(World world, ActiveRow claim)
    {
        var id = InstanceIds.ForJob(Scenario.Batch, claim.N, claim.Attempt);
        Require(world.Engine.Find(id) is { IsActive: true } or { StartWasRefused: true }, $"{id} is claimed and does not run.");
    }

    private static void CheckWaiting(World world, BatchRows rows, EngineInstance instance)
    {
        if (instance.Activities.Count > 0 || Overlooked(world, rows, instance) is not { } overlooked)
            return;
        // Of two runs beside each other the first that ends tells the instance; what the other wrote is seen at the next look.
        var soon = world.Time.GetUtcNow() + LongestPause;
        Require(world.BesideItself.Contains(instance.Id) && instance.Timers.Values.Any(at => at <= soon), overlooked);
    }

    /// <summary>What should make the instance act, and does not.</summary>
    private static string? Overlooked(World world, BatchRows rows, EngineInstance instance)
    {
        if (!InstanceIds.TryParseJob(instance.Id, out _, out var n, out var attempt))
            return null;
        var row = rows.Attempts.FirstOrDefault(one => one.N == n && one.Attempt == attempt);
        if (row is { HasEnded: true })
            return $"{instance.Id} has ended and still waits for {instance.Timers.Count} timers.";
        var isWanted = rows.Active.Any(one => (one.N, one.Attempt) == (n, attempt)) || rows.Tails.Any(one => one.IsLive && (one.N, one.Attempt) == (n, attempt));
        if (!isWanted)
            return $"{instance.Id} waits and belongs to no claim.";
        var isDelivered = row is { State: JobState.Generating or JobState.Copying, CopyTries: 0, RequestId: { } request, LateRequestId: null }
            && world.Api.Generations.Any(one => one is { Delivery: DeliveryState.Taken, Status: "COMPLETED" } && one.RequestId == request);
        return isDelivered ? $"{instance.Id} waits for a delivery that has been accepted." : null;
    }

    private static (int N, int Attempt) Key(JobRow job) => (job.N, job.Attempt);

    private static bool Same(List<ActiveRow> claims, BatchRow batch) =>
        (batch.Generating, batch.Copying, batch.RetryingCopy) == (
            claims.Count(one => !one.Copying), claims.Count(one => one is { Copying: true, IsRetryingCopy: false }), claims.Count(one => one.IsRetryingCopy));

    private static bool Same(IEnumerable<(int, int)> some, IEnumerable<(int, int)> others) => some.Order().SequenceEqual(others.Order());

    internal static void Require(bool holds, FormattableString otherwise)
    {
        if (!holds)
            throw new ViolationException(otherwise.ToString(CultureInfo.InvariantCulture));
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new ViolationException(otherwise);
    }
}

/// <summary>A batch's rows, by kind.</summary>
internal sealed record BatchRows(
    BatchRow? Batch, List<JobRow> Jobs, List<ActiveRow> Active, List<TailRow> Tails, List<ReadyRow> Ready, List<AttemptRow> Attempts)
{
    public static BatchRows Read(World world) => new(
        Moves.BatchOf(world), Of<JobRow>(world, "J"), Of<ActiveRow>(world, "A"), Of<TailRow>(world, "B"), Of<ReadyRow>(world, "Q"), Of<AttemptRow>(world, "R"));

    private static List<T> Of<T>(World world, string kind) where T : Row, new() => world.Jobs
        .RangeAsync<T>(Scenario.Batch, kind + "|", RowKeys.EndOf(kind), null, default)
        .ToBlockingEnumerable().ToList();
}
