namespace ClipiaFlows.Production;

/// <summary>The durable names of the events. They carry no content that could be lost with them.</summary>
public static class Events
{
    /// <summary>To RunBatch: look at the rows.</summary>
    public const string WakeUp = "wake-up";

    /// <summary>To RunJob: a <see cref="Finished"/>.</summary>
    public const string Finished = "finished";
}
