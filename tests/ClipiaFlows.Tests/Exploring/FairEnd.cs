using System.Text.Json;
using ClipiaFlows.Durable;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>
/// From any state, when everything is answered and time passes, the batch comes to its end: every job ended, the credits those
/// of the API, nothing left that waits.
/// </summary>
internal static class FairEnd
{
    /// <summary>Stands before the moves of the fair end where moves are listed.</summary>
    public const string Mark = "then";

    private const int MostMoves = 120;

    /// <summary>Goes on to the end, and then deletes the batch.</summary>
    /// <param name="world">The state; it is used up.</param>
    /// <param name="made">Takes the moves made.</param>
    public static async Task ReachAsync(World world, List<string> made)
    {
        while (Next(world) is { } move)
        {
            if (made.Count == MostMoves)
                throw new ViolationException($"The batch does not end. Last moves: {string.Join(", ", made.TakeLast(8))}");
            made.Add(move);
            await Moves.TryMakeAsync(world, move);
            Invariants.Check(world);
        }

        CheckEnd(world);
    }

    private static string? Next(World world)
    {
        if (world.Stopped is not null)
            return "go on";
        world.Armed = null;
        var moves = Moves.Of(world);
        if (moves.Find(move => move.EndsWith(" ok", StringComparison.Ordinal)) is { } run)
            return run;
        if (moves.Find(move => move.StartsWith("done", StringComparison.Ordinal) || move.StartsWith("deliver", StringComparison.Ordinal)) is { } news)
            return news;
        var batch = Moves.BatchOf(world);
        if (batch is { State: BatchState.Paused })
            return "resume";
        // What a crash has left undone, the watchdog sees to.
        var rests = !world.Engine.Instances.Any(one => one.IsActive);
        if (rests && world.Batches.Snapshot().Any(row => row.Partition == BatchIndexRow.Active))
            return "heartbeat";
        return rests ? null : "tick";
    }

    private static void CheckEnd(World world)
    {
        var rows = BatchRows.Read(world);
        Invariants.Require(world.Api.Reserved == 0, $"The API still reserves {world.Api.Reserved}.");
        if (rows.Batch is not { } batch)
            return;
        Invariants.Require(batch.State.IsTerminal(), $"The batch rests as {batch.State}.");
        foreach (var job in rows.Jobs)
            Invariants.Require(StateWatch.HasEnded(job.State), $"Job {job.N} rests as {job.State}.");
        // What nobody could find out stays committed.
        Invariants.Require(
            batch.Charged <= world.Api.Charged && world.Api.Charged <= batch.Charged + batch.Committed,
            $"The batch was charged {batch.Charged} and has committed {batch.Committed}; the API says {world.Api.Charged}.");
        Invariants.Require(batch.Reserved == 0, $"The batch has ended and reserves {batch.Reserved}.");
        foreach (var tail in rows.Tails)
            CheckTail(world, tail);
        CheckFiles(world, rows);
    }

    /// <summary>
    /// Every stored file is named by a job that succeeded, and each has its file. A run that stopped after it had stored one may
    /// be followed by another that cannot fetch it any more: then the job has failed, and a retry finds the file.
    /// </summary>
    private static void CheckFiles(World world, BatchRows rows)
    {
        var current = rows.Attempts.Where(one => rows.Jobs.Any(job => job.State == one.State && (job.N, job.Attempt) == (one.N, one.Attempt))).ToList();
        var named = current.Where(one => one.State is JobState.Succeeded)
            .SelectMany(one => JsonSerializer.Deserialize<List<StoredOutput>>(one.FilesJson!)!)
            .Select(file => $"{Scenario.Batch}/{file.Path}").Order(StringComparer.Ordinal).ToList();
        var collectable = current.Where(one => one.IsCollectable).Select(one => $"{Scenario.Batch}/{one.JobId}.png").ToHashSet();
        var stored = world.Outputs.Names.Where(name => !collectable.Contains(name)).Order(StringComparer.Ordinal).ToList();
        Invariants.Require(stored.SequenceEqual(named), $"Jobs that succeeded name [{string.Join(", ", named)}], and [{string.Join(", ", stored)}] are stored.");
    }

    private static void CheckTail(World world, TailRow tail)
    {
        var instance = InstanceIds.ForJob(Scenario.Batch, tail.N, tail.Attempt);
        Invariants.Require(!tail.IsLive, $"The batch has ended and waits for {instance}.");
        var told = world.Api.Generations.Any(one => one.Instance == instance && one.Delivery is DeliveryState.Taken);
        Invariants.Require(!told, $"{instance} is unresolved although its delivery was accepted.");
    }
}
