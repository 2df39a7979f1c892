using ClipiaFlows.LocalRuntime.Hosting.Invocation;
using ClipiaFlows.LocalRuntime.Hosting.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.LocalRuntime.Hosting.Timers;

/// <summary>Runs the timer functions while the host runs.</summary>
internal sealed class TimerService(
    IReadOnlyList<TimerFunction> timers,
    RuntimeSettings settings,
    FunctionInvoker invoker,
    TimeProvider time,
    ILoggerFactory loggers) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    // Not before everything else has started: a timer function may call any part of the app.
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var log = loggers.CreateLogger("Host.Triggers.Timer");
        var store = new ScheduleStore(settings.DataDirectory, log);
        var now = time.GetUtcNow().UtcDateTime;
        _running = Task.WhenAll(timers.Select(timer =>
        {
            var isMonitored = timer.UseMonitor && !timer.Schedule.IsFasterThanAMinute(now);
            var monitor = isMonitored ? new ScheduleMonitor(timer.Function.Name, timer.Schedule, store) : null;
            var loop = new TimerLoop(timer, monitor, invoker, time, log);
            return Task.Run(() => loop.RunAsync(_stop.Token), CancellationToken.None);
        }));
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => _stop.CancelAsync();

    public async Task StopAsync(CancellationToken cancellationToken) =>
        await _running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stop.Dispose();
}
