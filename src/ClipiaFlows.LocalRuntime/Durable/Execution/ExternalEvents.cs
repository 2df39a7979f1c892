namespace ClipiaFlows.LocalRuntime.Durable.Execution;

/// <summary>
/// The events of one execution and who waits for them. Names ignore case; the newest waiter that was not cancelled gets the
/// next event; events without a waiter are kept.
/// </summary>
internal sealed class ExternalEvents
{
    private readonly Dictionary<string, Stack<EventWaiter>> _waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly LinkedList<HistoryEvent> _kept = new();

    public bool HasOpenWaiters => _waiters.Values.Any(stack => stack.Any(waiter => waiter.IsOpen));

    public IEnumerable<HistoryEvent> Kept => _kept;

    public void Add(string name, EventWaiter waiter)
    {
        var stack = StackOf(name);
        if (stack.TryPeek(out var other) && other.EventType != waiter.EventType)
        {
            throw new ArgumentException(
                "Events with the same name must have the same type argument. Expected "
                + $"{other.EventType.FullName} but was requested {waiter.EventType.FullName}.");
        }

        stack.Push(waiter);
        if (TakeKept(name) is { } kept) stack.Pop().Receive(kept.Payload);
    }

    public void Raise(HistoryEvent raised)
    {
        if (_waiters.TryGetValue(raised.Name!, out var stack))
        {
            while (stack.TryPop(out var newest))
            {
                if (newest.Receive(raised.Payload)) return;
            }
        }

        _kept.AddLast(raised);
    }

    private Stack<EventWaiter> StackOf(string name)
    {
        if (!_waiters.TryGetValue(name, out var stack)) _waiters[name] = stack = new();
        return stack;
    }

    private HistoryEvent? TakeKept(string name)
    {
        for (var node = _kept.First; node is not null; node = node.Next)
        {
            if (!string.Equals(node.Value.Name, name, StringComparison.OrdinalIgnoreCase)) continue;
            _kept.Remove(node);
            return node.Value;
        }

        return null;
    }
}
