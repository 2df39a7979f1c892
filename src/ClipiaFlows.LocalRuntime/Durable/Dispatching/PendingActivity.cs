namespace ClipiaFlows.LocalRuntime.Durable.Dispatching;

/// <summary>An activity that is stored and has to be run.</summary>
internal sealed record PendingActivity(long Key, long Generation, ActivityCall Call);

/// <summary>A timer that is stored and has to fire. The task id -1 stands for the start of the instance.</summary>
internal readonly record struct PendingTimer(long FireAt, long Key, int TaskId, long Generation)
    : IComparable<PendingTimer>
{
    public const int StartOfInstance = -1;

    public int CompareTo(PendingTimer other)
    {
        var byTime = FireAt.CompareTo(other.FireAt);
        if (byTime != 0) return byTime;
        var byKey = Key.CompareTo(other.Key);
        return byKey != 0 ? byKey : TaskId.CompareTo(other.TaskId);
    }

    public static bool operator <(PendingTimer left, PendingTimer right) => left.CompareTo(right) < 0;

    public static bool operator >(PendingTimer left, PendingTimer right) => left.CompareTo(right) > 0;

    public static bool operator <=(PendingTimer left, PendingTimer right) => left.CompareTo(right) <= 0;

    public static bool operator >=(PendingTimer left, PendingTimer right) => left.CompareTo(right) >= 0;
}
