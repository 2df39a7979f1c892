using ClipiaFlows.LocalRuntime.Hosting.Invocation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.LocalRuntime.Hosting.Timers;

/// <summary>Runs one timer function at its times, never twice at once: while it runs, its occurrences pass.</summary>
internal sealed partial class TimerLoop(
    TimerFunction timer, ScheduleMonitor? monitor, FunctionInvoker invoker, TimeProvider time, ILogger log)
{
    // Longer waits are made in steps, below what a timer of .NET can hold.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Ends when cancelled and the function, if it runs, has returned.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            var isPastDue = monitor?.CheckPastDue(Now) ?? false;
            if (isPastDue || timer.RunOnStartup)
                await InvokeAsync(isPastDue, stop);
            while (true)
            {
                await WaitUntilAsync(timer.Schedule.NextAfter(Now), stop);
                await InvokeAsync(isPastDue: false, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            LogStopped(timer.Function.Name);
        }
        catch (Exception failure)
        {
            LogEnded(timer.Function.Name, failure);
        }
    }

    private async Task WaitUntilAsync(DateTime due, CancellationToken stop)
    {
        for (var left = due - Now; left > TimeSpan.Zero; left = due - Now)
            await Task.Delay(left < LongestWait ? left : LongestWait, time, stop);
        stop.ThrowIfCancellationRequested();
    }

    private async Task InvokeAsync(bool isPastDue, CancellationToken stop)
    {
        var started = Now;
        var info = new TimerInfo { IsPastDue = isPastDue, ScheduleStatus = monitor?.Status };
        try
        {
            await invoker.InvokeAsync(timer.Function, new(info, new Dictionary<string, object?>(), Services: null, stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Not recorded as run: it is past due at the next start.
            throw;
        }
        catch (Exception failure)
        {
            LogFailure(timer.Function.Name, failure);
        }

        monitor?.Ran(started);
    }

    [LoggerMessage(LogLevel.Error, "Executed 'Functions.{Function}' (Failed)")]
    private partial void LogFailure(string function, Exception failure);

    [LoggerMessage(LogLevel.Debug, "Timer '{Function}' stopped")]
    private partial void LogStopped(string function);

    [LoggerMessage(LogLevel.Critical, "Timer '{Function}' will not run again before the next start")]
    private partial void LogEnded(string function, Exception failure);
}
