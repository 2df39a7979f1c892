using System.Globalization;
using ClipiaFlows.Durable;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Commands;
using ClipiaFlows.Production.Rows;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>
/// What can happen next, as texts that can be pasted into a test: <c>submit 0 lost</c>, <c>deliver 1</c>, <c>restart</c>. A text
/// that ends in <c>stop 2</c> runs into its third effect and stands before it.
/// </summary>
internal static class Moves
{
    private static readonly string[] ToSubmit = ["ok", "lost", "early", "429", "503", "accepted 500"];
    private static readonly string[] ToSubmitRarely = ["unreached", "402", "422"];
    private static readonly string[] ToCopyRarely = ["lost"];
    private static readonly string[] Ending = ["cancel", "abandon", "delete"];
    private static readonly string[] ToPoll = ["ok", "429", "503", "stale"];
    private static readonly string[] ToCopy = ["ok", "503"];
    private static readonly CommandKind[] Commands =
        [CommandKind.Pause, CommandKind.Resume, CommandKind.Cancel, CommandKind.Abandon, CommandKind.Retry, CommandKind.Delete];

    // Effects of one run at most: the freeze, the send and the record; a copy's marker, event, file, memories and outcome.
    private const int StopsOfSubmit = 4;
    private const int StopsOfPoll = 2;
    private const int StopsOfCopy = 7;
    private const int StopsOfBatch = 8;
    private const int StopsOfDelivery = 3;

    /// <summary>Everything that can happen in that state.</summary>
    public static List<string> Of(World world)
    {
        var moves = new List<string>();
        var mayStop = world is { Stopped: null, Armed: null, StopsLeft: > 0 };
        foreach (var activity in world.Engine.Activities.Where(activity => activity.Flight is null))
            AddRuns(moves, activity, mayStop);
        foreach (var generation in world.Api.Generations)
            AddNews(moves, generation, mayStop);
        AddStrangers(moves, world);
        if (world.Engine.NextTimer is not null)
            moves.Add("tick");
        AddCommands(moves, world);
        moves.Add("heartbeat");
        moves.Add("restart");
        if (world.Stopped is not null)
            moves.Add("go on");
        if (world.Engine.Activities.Any(activity => activity.Flight is not null && activity.Flight == world.Stopped))
            moves.Add("run again");
        if (mayStop && IsThereABatch(world))
            moves.AddRange(Enumerable.Range(0, StopsOfBatch).Select(k => Invariant($"batch stop {k}")));
        return moves;
    }

    /// <summary>
    /// One of what can happen, at random: what is rare in every state is likely enough, and what ends a batch is not too likely.
    /// Some of it the exploration does not have, because it only multiplies states.
    /// </summary>
    public static string AnyOf(World world, Random random)
    {
        var moves = Of(world);
        var activity = world.Engine.Activities.FirstOrDefault(activity => activity.Flight is null);
        var extra = activity?.Name == SubmitGeneration.Name ? $"submit {AttemptOf(activity.Instance.Id)} {ToSubmitRarely[random.Next(ToSubmitRarely.Length)]}"
            : activity?.Name == CopyOutputs.Name ? $"copy {AttemptOf(activity.Instance.Id)} {ToCopyRarely[0]}"
            : world.Engine.NextTimer is null ? null : random.Next(3) == 0 ? "jump" : "poll 0 lost";
        if (extra is not null && random.Next(12) == 0)
            return extra;
        var groups = moves.GroupBy(move => move.Contains(" stop ", StringComparison.Ordinal) ? "stop" : Ending.Contains(move) ? "end" : move.Split(' ')[0]).ToList();
        var group = groups[random.Next(groups.Count)];
        if (group.Key is "end" or "stop" && random.Next(2) == 0)
            group = groups[random.Next(groups.Count)];
        return group.ElementAt(random.Next(group.Count()));
    }

    /// <summary>Makes a move and lets everything follow that does not wait for the world outside.</summary>
    /// <returns>Whether it was possible.</returns>
    public static async Task<bool> TryMakeAsync(World world, string move)
    {
        var words = move.Split(' ');
        var stop = words is [.., "stop", var k] ? int.Parse(k, CultureInfo.InvariantCulture) : (int?)null;
        if (stop is not null)
            words = words[..^2];
        var wasArmed = world.Armed is not null;
        if (!await TryStartAsync(world, words, stop))
            return false;
        await world.SettleAsync();
        if (world.Stopped is not null)
            world.SinceStop.Add(move);
        // A stop that nothing came to is no stop; one of the batch is announced just before the move that it is for.
        return words[0] == "batch" || (!wasArmed && stop is null) || world.Stopped is not null;
    }

    private static async Task<bool> TryStartAsync(World world, string[] words, int? stop)
    {
        switch (words)
        {
            case ["submit" or "poll" or "copy", var n, .. var script]:
                return await TryRunAsync(world, words[0], n, string.Join(' ', script), stop);
            case ["done" or "failed" or "canceled", var r]:
                return TryEnd(world, r, words[0] switch { "done" => "COMPLETED", "failed" => "FAILED", _ => "CANCELED" });
            case ["deliver" or "redeliver" or "drop", var r]:
                return await TryDeliverAsync(world, words[0], r, stop);
            case ["foreign" or "forged", var n]:
                return await TryStrangerAsync(world, words[0], n);
            case ["tick"]:
                return TryTick(world, TimeSpan.Zero);
            case ["jump"]:
                return TryTick(world, TimeSpan.FromHours(25));
            case ["heartbeat"]:
                await world.RunAsync("the watchdog", () => world.Process.Watchdog.WakeAllAsync(world.Client, default));
                return true;
            case ["restart"]:
                world.Restart();
                return true;
            case ["go", "on"]:
                if (world.Stopped is null)
                    return false;
                await world.GoOnAsync();
                return true;
            case ["run", "again"]:
                world.Redispatch();
                return true;
            case ["batch"]:
                world.Armed = stop;
                return true;
            case [FairEnd.Mark]:
                return false;
            case [var command]:
                return await TryCommandAsync(world, Enum.Parse<CommandKind>(command, ignoreCase: true));
            default:
                throw new ArgumentException($"No such move: '{string.Join(' ', words)}'.", nameof(words));
        }
    }

    private static void AddRuns(List<string> moves, AskedActivity activity, bool mayStop)
    {
        var (verb, scripts, stops) = activity.Name switch
        {
            SubmitGeneration.Name => ("submit", ToSubmit, StopsOfSubmit),
            PollGeneration.Name => ("poll", ToPoll, StopsOfPoll),
            CopyOutputs.Name => ("copy", ToCopy, StopsOfCopy),
            _ => ("", [], 0),
        };
        if (verb.Length == 0)
            return;
        var run = $"{verb} {AttemptOf(activity.Instance.Id)}";
        moves.AddRange(scripts.Select(script => $"{run} {script}"));
        if (mayStop)
            moves.AddRange(Enumerable.Range(0, stops).Select(k => Invariant($"{run} ok stop {k}")));
    }

    private static void AddNews(List<string> moves, Generation generation, bool mayStop)
    {
        if (!generation.HasEnded)
            moves.AddRange([$"done {generation.Number}", $"failed {generation.Number}", $"canceled {generation.Number}"]);
        if (generation.Delivery is DeliveryState.Due)
        {
            moves.AddRange([$"deliver {generation.Number}", $"drop {generation.Number}"]);
            if (mayStop)
                moves.AddRange(Enumerable.Range(0, StopsOfDelivery).Select(k => Invariant($"deliver {generation.Number} stop {k}")));
        }

        if (generation is { Delivery: DeliveryState.Taken, WasRepeated: false })
            moves.Add($"redeliver {generation.Number}");
    }

    private static void AddStrangers(List<string> moves, World world)
    {
        // Only while the submission is recorded can the product tell that a delivery speaks of another. Before, it takes the word
        // of a signature of Clipia's under an address that was given to this request alone.
        foreach (var job in world.Engine.Instances.Where(instance => instance.Flow == RunJob.Name && instance.IsActive))
        {
            moves.Add($"forged {AttemptOf(job.Id)}");
            if (AttemptRowOf(world, job.Id)?.RequestId is not null)
                moves.Add($"foreign {AttemptOf(job.Id)}");
        }
    }

    private static void AddCommands(List<string> moves, World world)
    {
        if (BatchOf(world) is not { } batch)
            return;
        moves.AddRange(Commands
            .Where(kind => CommandRules.Check(batch, new CommandRow { Kind = kind }) is null)
            .Select(kind => kind.ToString().ToLowerInvariant()));
    }

    private static async Task<bool> TryRunAsync(World world, string verb, string attempt, string script, int? stop)
    {
        var name = verb switch { "submit" => SubmitGeneration.Name, "poll" => PollGeneration.Name, _ => CopyOutputs.Name };
        if (world.Engine.Activities.FirstOrDefault(one => one.Name == name && one.Flight is null && AttemptOf(one.Instance.Id) == attempt) is not { } activity)
            return false;
        await world.RunAsync(activity, script, stop);
        return true;
    }

    private static bool TryEnd(World world, string number, string status)
    {
        if (Find(world, number) is not { HasEnded: false } generation)
            return false;
        ApiModel.End(generation, status);
        return true;
    }

    private static async Task<bool> TryDeliverAsync(World world, string verb, string number, int? stop)
    {
        if (Find(world, number) is not { } generation
            || generation.Delivery is not (DeliveryState.Due or DeliveryState.Taken)
            || (verb == "redeliver") != (generation.Delivery is DeliveryState.Taken))
            return false;
        if (verb == "drop")
        {
            generation.Delivery = DeliveryState.Dropped;
            return true;
        }

        generation.WasRepeated |= verb == "redeliver";
        // An answer that does not come is no 2xx, and the sender delivers again.
        await world.RunAsync($"delivery {number}", () => Deliveries.TakeAsync(world, generation), stop, () => generation.Delivery = DeliveryState.Taken);
        return true;
    }

    private static async Task<bool> TryStrangerAsync(World world, string verb, string attempt)
    {
        var instance = InstanceOf(attempt);
        if (verb == "foreign" && AttemptRowOf(world, instance)?.RequestId is null)
            return false;
        await world.RunAsync(verb, () => verb == "foreign" ? Deliveries.OfAnotherJobAsync(world, instance) : Deliveries.ForgedAsync(world, instance));
        return true;
    }

    private static bool TryTick(World world, TimeSpan atLeast)
    {
        // The key is safe for an hour less than the API keeps it. Who stands still for longer between that look and the send
        // cannot be helped.
        if (world.Engine.NextTimer is not { } next || (atLeast > TimeSpan.Zero && world.Stopped?.StoppedBefore == ApiHandler.Submission))
            return false;
        var earliest = world.Time.GetUtcNow() + atLeast;
        world.Time.AdvanceTo(next > earliest ? next : earliest);
        return true;
    }

    private static async Task<bool> TryCommandAsync(World world, CommandKind kind)
    {
        if (BatchOf(world) is null)
            return false;
        CommandReceipt? receipt = null;
        var operation = Invariant($"op-{++world.Commands}");
        var request = new CommandRequest(kind) { WithOutputs = kind is CommandKind.Delete };
        await world.RunAsync(
            kind.ToString(),
            async () => receipt = await world.Process.Commands.IssueAsync(Scenario.Batch, request, operation, world.Client, default));
        return receipt is CommandReceipt.Accepted;
    }

    /// <summary>The batch's row; <c>null</c> once it is deleted.</summary>
    public static BatchRow? BatchOf(World world) =>
        world.Jobs.FindAsync<BatchRow>(Scenario.Batch, BatchRow.Key, default).GetAwaiter().GetResult();

    private static AttemptRow? AttemptRowOf(World world, string instance) =>
        InstanceIds.TryParseJob(instance, out _, out var n, out var attempt)
            ? world.Jobs.FindAsync<AttemptRow>(Scenario.Batch, RowKeys.Attempt(n, attempt), default).GetAwaiter().GetResult()
            : null;

    private static bool IsThereABatch(World world) => world.Engine.Find(InstanceIds.ForBatch(Scenario.Batch)) is not null;

    private static Generation? Find(World world, string number) =>
        world.Api.Generations.Find(one => one.Number == int.Parse(number, CultureInfo.InvariantCulture));

    // "0" is the first attempt of job 0, "0.2" the second.
    private static string AttemptOf(string instance) =>
        InstanceIds.TryParseJob(instance, out _, out var n, out var attempt) ? attempt == 1 ? Invariant($"{n}") : Invariant($"{n}.{attempt}") : "";

    private static string InstanceOf(string attempt)
    {
        var parts = attempt.Split('.');
        var n = int.Parse(parts[0], CultureInfo.InvariantCulture);
        return InstanceIds.ForJob(Scenario.Batch, n, parts.Length == 1 ? 1 : int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
