namespace ClipiaFlows.LocalRuntime.Durable.Dispatching;

/// <summary>Wakes those who wait for an instance to start or to end.</summary>
internal sealed class InstanceWatch
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TaskCompletionSource> _changes = [];

    /// <summary>Ends at the next change of the instance's status. Take it before looking, or the change may be missed.</summary>
    public Task NextChange(string instanceId)
    {
        lock (_gate)
        {
            if (!_changes.TryGetValue(instanceId, out var change))
                _changes[instanceId] = change = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return change.Task;
        }
    }

    /// <summary>Wakes everybody: nothing will change any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            foreach (var change in _changes.Values) change.TrySetResult();
            _changes.Clear();
        }
    }

    public void Changed(string instanceId)
    {
        TaskCompletionSource? change;
        lock (_gate)
        {
            if (!_changes.Remove(instanceId, out change)) return;
        }

        change.TrySetResult();
    }
}
