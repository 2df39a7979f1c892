using ClipiaFlows.LocalRuntime.Durable.Clients;
using ClipiaFlows.LocalRuntime.Durable.Dispatching;
using ClipiaFlows.LocalRuntime.Durable.Execution;
using ClipiaFlows.LocalRuntime.Durable.Rpc;
using ClipiaFlows.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.LocalRuntime.Durable;

/// <summary>
/// Runs orchestrators and activities in this process with their state in one SQLite file. Killed at any instant, it goes on from
/// its last commit: orchestrators are replayed from their history, activities without a stored result run again.
/// </summary>
public sealed class DurableEngine : IAsyncDisposable
{
    private readonly Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>> _orchestrators =
        new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Func<ActivityCall, CancellationToken, Task<object?>>> _activities =
        new(StringComparer.OrdinalIgnoreCase);
    private readonly InstanceWatch _watch = new();
    private readonly DurableEngineOptions _options;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private DurableStore? _store;
    private TimerQueue? _timers;
    private ActivityPool? _pool;
    private Dispatcher? _dispatcher;

    /// <summary>Reads and writes nothing before <see cref="StartAsync"/>.</summary>
    /// <param name="options">How it works and where its state is.</param>
    /// <param name="time">The only clock that it knows.</param>
    /// <param name="loggers">For the engine and for replay-safe loggers.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public DurableEngine(DurableEngineOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _time = time;
        _loggers = loggers;
        _logger = loggers.CreateLogger<DurableEngine>();
        Client = ClientWith(options.DataConverter);
        SerializedClient = ClientWith(new SerializedPayloads());
    }

    /// <summary>Starts, asks, tells and ends instances. Usable while the engine runs.</summary>
    public DurableTaskClient Client { get; }

    /// <summary>The same for callers that serialize payloads themselves: they pass and get JSON texts.</summary>
    internal DurableTaskClient SerializedClient { get; }

    internal DataConverter Converter => _options.DataConverter;

    internal DurableStore Store => _store ?? throw new InvalidOperationException("The durable engine is not running.");

    /// <summary>Registers an orchestrator under a name that ignores case. Only before the start.</summary>
    /// <exception cref="ArgumentException">There is one of this name.</exception>
    public void AddOrchestrator(string name, Func<TaskOrchestrationContext, Task<object?>> run)
    {
        ThrowIfStarted();
        _orchestrators.Add(name, run);
    }

    /// <summary>Registers an activity under a name that ignores case. Only before the start.</summary>
    /// <param name="name">The name.</param>
    /// <param name="run">
    /// Gets the call and a token that is cancelled when the engine cannot wait any longer for the end; what it then throws
    /// as <see cref="OperationCanceledException"/> is no failure: the call is repeated after the next start.
    /// </param>
    /// <exception cref="ArgumentException">There is one of this name.</exception>
    public void AddActivity(string name, Func<ActivityCall, CancellationToken, Task<object?>> run)
    {
        ThrowIfStarted();
        _activities.Add(name, run);
    }

    /// <summary>Opens the state and goes on with everything that was under way.</summary>
    /// <exception cref="DurableStoreException">Another process has the state, it is damaged, or too new.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        ThrowIfStarted();
        _store = await Task.Run(
            () => DurableStore.Open(_options.DatabasePath, _options.FullSync, _time, _options.AtCommit), cancellationToken);
        var player = new TurnPlayer(_store, _orchestrators, CarryOut, _options, _time, _loggers);
        _dispatcher = new(
            player,
            _options.MaxConcurrentOrchestrators,
            _options.AlwaysReplay ? 0 : _options.MaxHotInstances,
            _time,
            _logger);
        _timers = new(_time, Fire);
        _pool = new(_activities, _options, _dispatcher.Deliver, _logger);
        CarryOut(_store.Read(session => session.Unfinished()));
    }

    /// <summary>
    /// Takes no more work, waits for running activities until cancelled, and stores what they brought. What is left goes on
    /// after the next start.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_store is not { } store) return;
        await _pool!.StopAsync(cancellationToken);
        _timers!.Dispose();
        await _dispatcher!.StopAsync();
        _store = null;
        _watch.Close();
        store.Dispose();
        _pool.Dispose();
    }

    /// <summary>Stops without waiting for running activities.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(new CancellationToken(canceled: true));

    private LocalDurableTaskClient ClientWith(DataConverter converter) => new(_options, converter, () => Store, CarryOut, _watch);

    private void CarryOut(Effects effects)
    {
        foreach (var warning in effects.Warnings) _logger.LogWarning("{Warning}", warning);
        foreach (var timer in effects.CanceledTimers) _timers!.Remove(timer);
        foreach (var timer in effects.Timers) _timers!.Add(timer);
        foreach (var message in effects.Messages) _dispatcher!.Deliver(message);
        foreach (var activity in effects.Activities) _pool!.Add(activity);
        foreach (var instanceId in effects.ChangedInstances) _watch.Changed(instanceId);
    }

    private void Fire(PendingTimer timer) => _dispatcher!.Deliver(new(
        timer.Key,
        timer.Generation,
        timer.TaskId == PendingTimer.StartOfInstance
            ? new(EventKind.ExecutionStarted)
            : new(EventKind.TimerFired, timer.TaskId)));

    private void ThrowIfStarted()
    {
        if (_store is not null) throw new InvalidOperationException("The durable engine has been started already.");
    }
}
