using Microsoft.DurableTask;

namespace ClipiaFlows.LocalRuntime.Durable.Execution;

/// <summary>The activities, sub-orchestrations and timers that an execution still waits for.</summary>
internal sealed class OpenTasks
{
    private readonly Dictionary<int, OpenTask> _tasks = [];

    public bool Any => _tasks.Count > 0;

    public Task<string?> Open(int taskId, string name)
    {
        var task = new OpenTask(name);
        _tasks.Add(taskId, task);
        return task.Task;
    }

    /// <summary>A task that was closed before (cancelled, doubled) is left alone.</summary>
    public void Complete(int taskId, string? result)
    {
        if (_tasks.Remove(taskId, out var task)) task.TrySetResult(result);
    }

    public void Fail(int taskId, string? failure)
    {
        if (_tasks.Remove(taskId, out var task))
            task.TrySetException(new TaskFailedException(task.Name, taskId, Payload.ReadFailure(failure)));
    }

    /// <returns>Whether it was open.</returns>
    public bool Cancel(int taskId)
    {
        if (!_tasks.Remove(taskId, out var task)) return false;
        task.TrySetCanceled();
        return true;
    }

    private sealed class OpenTask(string name) : TaskCompletionSource<string?>
    {
        public string Name => name;
    }
}
