namespace ClipiaFlows.LocalRuntime.Durable.Execution;

/// <summary>
/// Runs an orchestrator's continuations on the thread that plays the turn, one after the other, and nowhere else.
/// </summary>
/// <remarks>
/// A continuation that arrives from another thread, or between turns, follows something that is not durable. It is dropped and
/// <see cref="Trespassed"/> is raised: its order could not be repeated in a replay.
/// </remarks>
internal sealed class OrchestratorScheduler : TaskScheduler
{
    private const int Nobody = 0;

    private readonly Queue<Task> _queue = new();
    private volatile int _thread = Nobody;

    /// <summary>Called at most once per trespass, on the trespassing thread.</summary>
    public Action? Trespassed { get; set; }

    public bool HasTrespass { get; private set; }

    public bool IsOnTurn => _thread == Environment.CurrentManagedThreadId;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs the step and all that follows from it at once.</summary>
    public void Play(Action step)
    {
        // An await prefers the synchronization context of the caller to this scheduler.
        var callers = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        _thread = Environment.CurrentManagedThreadId;
        try
        {
            var task = new Task(step);
            task.RunSynchronously(this);
            while (_queue.TryDequeue(out var next)) TryExecuteTask(next);
            task.GetAwaiter().GetResult();
        }
        finally
        {
            _thread = Nobody;
            SynchronizationContext.SetSynchronizationContext(callers);
        }
    }

    public void ReportTrespass()
    {
        HasTrespass = true;
        Trespassed?.Invoke();
    }

    protected override void QueueTask(Task task)
    {
        if (IsOnTurn) _queue.Enqueue(task);
        else ReportTrespass();
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        IsOnTurn && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => _queue.ToArray();
}
