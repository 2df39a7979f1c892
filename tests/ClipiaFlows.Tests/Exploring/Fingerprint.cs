using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.RegularExpressions;
using ClipiaFlows.LocalRuntime.Durable.Execution;
using ClipiaFlows.Production;
using ClipiaFlows.Production.Rows;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>
/// What tells one state from another: rows, papers, outputs, histories and what is pending, the API, the process's memory, and
/// what has happened since a flight was stopped. Moments count relative to now, or not at all where nothing is decided by them.
/// </summary>
internal static partial class Fingerprint
{
    /// <summary>Rows tell when something was; only these moments are compared with the clock.</summary>
    private static readonly HashSet<string> Deciding =
        [nameof(AttemptRow.UnknownSince), nameof(ActiveRow.NotBefore), nameof(BatchRow.DeadlineAt), "ReducedAt"];

    public static UInt128 Of(World world)
    {
        var text = TextOf(world);
        return XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>What is hashed, for people.</summary>
    public static string TextOf(World world)
    {
        var to = new StringBuilder(4096);
        var now = world.Time.GetUtcNow();
        WriteRows(to, world, now);
        foreach (var blob in world.Blobs.Blobs.Keys.Where(name => !name.StartsWith("receipts/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            to.Append(blob).Append('\n');
        to.AppendJoin(',', world.Outputs.Names.Order(StringComparer.Ordinal)).Append('\n');
        foreach (var instance in world.Engine.Instances)
            Write(to, instance, now);
        foreach (var one in world.Api.Generations)
            to.Append(CultureInfo.InvariantCulture, $"{one.Number} {one.Key} {one.BodyHash} {one.Status} {one.Delivery} {one.WasRepeated} {(now - one.At).TotalHours > 24}\n");
        world.Process.Memory.WriteTo(to, now);
        to.Append(CultureInfo.InvariantCulture, $"{world.StopsLeft} {world.WasCutShort} {world.Armed} {world.Stopped?.Name} {world.Stopped?.StoppedBefore} {world.Stopped?.Script}\n");
        to.AppendJoin(';', world.SinceStop).AppendJoin(';', world.BesideItself);
        return to.ToString();
    }

    private static void WriteRows(StringBuilder to, World world, DateTimeOffset now)
    {
        foreach (var table in new[] { world.Jobs, world.Batches, world.Keys })
        {
            foreach (var (_, key, values) in table.Snapshot())
            {
                to.Append(Ticks().Replace(key, "#"));
                // Which process wrote a row only tells it its own writes again.
                foreach (var (name, value) in values.Where(column => column.Key != "WrittenBy").OrderBy(column => column.Key, StringComparer.Ordinal))
                    Write(to.Append(' ').Append(name).Append('='), name, value, now);
                to.Append('\n');
            }
        }
    }

    private static void Write(StringBuilder to, string name, object value, DateTimeOffset now)
    {
        switch (value)
        {
            case DateTimeOffset at when Deciding.Contains(name): to.Append((int)(at - now).TotalSeconds); break;
            case DateTimeOffset when name is "NextDue": break;
            case DateTimeOffset at when name is nameof(ActiveRow.ClaimedAt): to.Append((now - at).TotalSeconds > 2); break;
            case DateTimeOffset at when name is nameof(AttemptRow.SubmittedAt): to.Append((now - at).TotalHours > 1); break;
            case DateTimeOffset: to.Append("at"); break;
            case byte[] bytes: to.Append(XxHash64.HashToUInt64(bytes)); break;
            default: to.Append(Moment().Replace(Convert.ToString(value, CultureInfo.InvariantCulture)!, "at")); break;
        }
    }

    // A batch carries nothing from round to round, so its history is told by what it waits for. A job's is told whole.
    private static void Write(StringBuilder to, EngineInstance instance, DateTimeOffset now)
    {
        to.Append(instance.Id).Append(' ').Append(instance.Status);
        if (instance.IsActive && instance.Flow == RunJob.Name)
        {
            to.Append(Moment().Replace(instance.Input!, "at"));
            foreach (var one in instance.History.Where(one => one.Kind is not EventKind.TurnStarted))
                to.Append('|').Append(one.Kind).Append(one.Name).Append(one.Payload is null ? "" : Moment().Replace(one.Payload, "at"));
        }

        foreach (var activity in instance.Activities)
            to.Append(' ').Append(activity.Name).Append(activity.Flight is null ? "" : "…");
        foreach (var timer in instance.Timers.Values)
            to.Append(' ').Append((int)(timer - now).TotalSeconds);
        to.Append('\n');
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00|\\u002B00:00)?")]
    private static partial Regex Moment();

    [GeneratedRegex(@"\d{19}")]
    private static partial Regex Ticks();
}
