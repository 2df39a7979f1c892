namespace ClipiaFlows.LocalRuntime.Durable.Dispatching;

/// <summary>What a commit makes true for the world; carried out only after it.</summary>
internal sealed class Effects
{
    public List<Message> Messages { get; } = [];

    public List<PendingActivity> Activities { get; } = [];

    public List<PendingTimer> Timers { get; } = [];

    public List<PendingTimer> CanceledTimers { get; } = [];

    /// <summary>Instances whose status changed in a way that somebody may wait for.</summary>
    public List<string> ChangedInstances { get; } = [];

    /// <summary>Log lines about what was dropped.</summary>
    public List<string> Warnings { get; } = [];
}
