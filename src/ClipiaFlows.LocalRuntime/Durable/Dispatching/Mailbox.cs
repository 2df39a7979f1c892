namespace ClipiaFlows.LocalRuntime.Durable.Dispatching;

/// <summary>What waits for one instance, and the instance itself while it is kept in memory. Guarded by the dispatcher.</summary>
internal sealed class Mailbox(long key)
{
    public long Key => key;

    public List<Message> Waiting { get; private set; } = [];

    /// <summary>A turn is being played or waits for a worker.</summary>
    public bool IsScheduled { get; set; }

    public HotInstance? Hot { get; set; }

    /// <summary>The place among the idle hot instances.</summary>
    public LinkedListNode<Mailbox>? Idle { get; set; }

    public List<Message> TakeAll()
    {
        var taken = Waiting;
        Waiting = [];
        return taken;
    }

    /// <summary>Messages that a turn could not use yet come before what has arrived meanwhile.</summary>
    public void PutBack(IReadOnlyList<Message> messages) => Waiting = [.. messages, .. Waiting];
}
