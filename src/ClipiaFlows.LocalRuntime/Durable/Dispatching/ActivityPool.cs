using System.Threading.Channels;
using ClipiaFlows.LocalRuntime.Durable.Execution;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.LocalRuntime.Durable.Dispatching;

/// <summary>Runs stored activities, a limited number at a time, and reports how they ended.</summary>
internal sealed class ActivityPool : IDisposable
{
    private readonly IReadOnlyDictionary<string, Func<ActivityCall, CancellationToken, Task<object?>>> _activities;
    private readonly Action<Message> _report;
    private readonly ILogger _logger;
    private readonly bool _hideFailureTypes;
    private readonly DataConverter _converter;
    private readonly Channel<PendingActivity> _pending = Channel.CreateUnbounded<PendingActivity>();
    private readonly CancellationTokenSource _intake = new();
    private readonly CancellationTokenSource _running = new();
    private readonly Task[] _workers;

    /// <param name="activities">By name, ignoring case.</param>
    /// <param name="options">How many run at the same time, and how failures look.</param>
    /// <param name="report">Called with the end of each; it stays in the store until that is consumed.</param>
    /// <param name="logger">Gets the failures.</param>
    public ActivityPool(
        IReadOnlyDictionary<string, Func<ActivityCall, CancellationToken, Task<object?>>> activities,
        DurableEngineOptions options,
        Action<Message> report,
        ILogger logger)
    {
        _activities = activities;
        _report = report;
        _logger = logger;
        _hideFailureTypes = options.HideFailureTypes;
        _converter = options.DataConverter;
        _workers = [.. Enumerable.Range(0, options.MaxConcurrentActivities).Select(_ => Task.Run(WorkAsync))];
    }

    public void Add(PendingActivity activity) => _pending.Writer.TryWrite(activity);

    /// <summary>Takes no more, and waits for the running ones; when cancelled, it cancels them and waits no longer.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        await _intake.CancelAsync();
        var drained = Task.WhenAll(_workers);
        await Task.WhenAny(drained, Task.Delay(Timeout.InfiniteTimeSpan, cancellation));
        await _running.CancelAsync();
    }

    public void Dispose()
    {
        _intake.Dispose();
        _running.Dispose();
    }

    private async Task WorkAsync()
    {
        try
        {
            while (await _pending.Reader.WaitToReadAsync(_intake.Token))
            {
                while (!_intake.IsCancellationRequested && _pending.Reader.TryRead(out var activity)) await RunAsync(activity);
            }
        }
        catch (OperationCanceledException) when (_intake.IsCancellationRequested)
        {
            // What is left stays in the store for the next start.
        }
    }

    private async Task RunAsync(PendingActivity pending)
    {
        var call = pending.Call;
        HistoryEvent ended;
        try
        {
            ended = _activities.TryGetValue(call.Name, out var run)
                ? new(EventKind.TaskCompleted, call.TaskId, Payload: _converter.Serialize(await run(call, _running.Token)))
                : new(EventKind.TaskFailed, call.TaskId, Payload: Payload.Write(FailureTypes.NoSuchActivity(call.Name)));
        }
        catch (OperationCanceledException) when (_running.IsCancellationRequested)
        {
            // Shutdown is no failure: it runs again after the next start.
            return;
        }
#pragma warning disable CA1031 // Whatever an activity throws is the orchestrator's business.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _logger.LogWarning(
                "Activity {Name} (#{TaskId}) of {InstanceId} failed with {Error}: {Message}",
                call.Name, call.TaskId, call.InstanceId, exception.GetType().Name, exception.Message);
            ended = new(EventKind.TaskFailed, call.TaskId, Payload: Payload.Write(Describe(exception)));
        }

        _report(new(pending.Key, pending.Generation, ended));
    }

    private TaskFailureDetails Describe(Exception exception) =>
        _hideFailureTypes ? FailureTypes.WithoutType(exception) : FailureTypes.From(exception);
}
