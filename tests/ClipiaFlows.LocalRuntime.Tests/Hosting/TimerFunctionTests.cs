using System.Collections.Concurrent;
using System.Text.Json;
using ClipiaFlows.LocalRuntime.Hosting.Timers;
using ClipiaFlows.LocalRuntime.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ClipiaFlows.LocalRuntime.Tests.Hosting;

public sealed class TimerFunctionTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Timer_ScheduleOfASetting_RunsAtItsTimes()
    {
        var time = new VirtualTime(Noon);
        var runs = new Runs();
        await using var app = await App(time, runs, """{ "Values": { "Every": "*/15 * * * * *" } }""").StartAsync(typeof(Often));

        await time.AdvanceUntilAsync(() => runs.Count == 3, TimeSpan.FromSeconds(1));

        Assert.Equal([15, 30, 45], runs.Select(run => (int)(run.At - Noon).TotalSeconds));
        Assert.All(runs, run => Assert.False(run.Info.IsPastDue));
        Assert.All(runs, run => Assert.Null(run.Info.ScheduleStatus));
    }

    [Fact]
    public async Task Timer_RunOnStartup_RunsAtOnce()
    {
        var time = new VirtualTime(Noon);
        var runs = new Runs();
        await using var app = await App(time, runs).StartAsync(typeof(AtStart));

        await time.AdvanceUntilAsync(() => runs.Count == 1, TimeSpan.Zero);

        Assert.Equal(Noon, runs.Single().At);
        Assert.Equal(Noon.AddHours(1).UtcDateTime, runs.Single().Info.ScheduleStatus!.Next);
    }

    [Fact]
    public async Task Timer_OccurrenceMissedWhileDown_RunsOnceAsPastDue()
    {
        var time = new VirtualTime(Noon);
        var runs = new Runs();
        await using var first = await App(time, runs).StartAsync(typeof(Hourly));
        await time.AdvanceUntilAsync(() => runs.Count == 1, TimeSpan.FromMinutes(10));
        await first.StopAsync();
        time.Advance(TimeSpan.FromHours(5));

        await using var second = await first.RestartAsync(typeof(Hourly));
        await time.AdvanceUntilAsync(() => runs.Count == 2, TimeSpan.Zero);
        await time.AdvanceUntilAsync(() => runs.Count == 3, TimeSpan.FromMinutes(10));

        Assert.Equal([false, true, false], runs.Select(run => run.Info.IsPastDue));
        Assert.Equal(Noon.AddHours(1).UtcDateTime, runs.ElementAt(1).Info.ScheduleStatus!.Last);
    }

    [Fact]
    public async Task Timer_NothingMissedWhileDown_DoesNotRun()
    {
        var time = new VirtualTime(Noon);
        var runs = new Runs();
        await using var first = await App(time, runs).StartAsync(typeof(Hourly));
        await time.AdvanceUntilAsync(() => runs.Count == 1, TimeSpan.FromMinutes(10));
        await first.StopAsync();

        await using var second = await first.RestartAsync(typeof(Hourly));
        await time.AdvanceUntilAsync(() => runs.Count == 2, TimeSpan.FromMinutes(10));

        Assert.False(runs.Last().Info.IsPastDue);
    }

    [Fact]
    public async Task Timer_FileOfItsScheduleBroken_StartsAfresh()
    {
        var time = new VirtualTime(Noon);
        var runs = new Runs();
        var app = App(time, runs);
        Directory.CreateDirectory(Path.Combine(app.DataDirectory, "timers"));
        await File.WriteAllTextAsync(Path.Combine(app.DataDirectory, "timers", "hourly.json"), "{ half");
        await using var started = await app.StartAsync(typeof(Hourly));

        await time.AdvanceUntilAsync(() => runs.Count == 1, TimeSpan.FromMinutes(10));

        var file = Path.Combine(app.DataDirectory, "timers", "hourly.json");
        await Eventually.Holds(() => !File.ReadAllText(file).Contains("half"));
        var kept = JsonSerializer.Deserialize<ScheduleStatus>(await File.ReadAllTextAsync(file));
        Assert.True(kept!.Next > Noon.UtcDateTime);
    }

    [Fact]
    public async Task Timer_RunThrows_RunsAgainAtTheNextTime()
    {
        var time = new VirtualTime(Noon);
        var runs = new Runs();
        using var log = new LogRecorder();
        await using var app = await App(time, runs, log: log).StartAsync(typeof(Throwing));

        await time.AdvanceUntilAsync(() => runs.Count == 2, TimeSpan.FromSeconds(10));

        Assert.Contains(log.Entries, entry => entry.Message.Contains("Functions.throwing") && entry.Exception is TimeoutException);
    }

    [Fact]
    public async Task Timer_AppStopsDuringARun_CancelsItAndWaitsForIt()
    {
        var time = new VirtualTime(Noon);
        var runs = new Runs();
        await using var app = await App(time, runs).StartAsync(typeof(Lasting));
        await time.AdvanceUntilAsync(() => runs.Count == 1, TimeSpan.Zero);

        await app.StopAsync();

        Assert.Equal(2, runs.Count);
    }

    [Theory]
    [InlineData("0 30 9 * * Mon-Fri", "2026-03-02T09:30:00Z")]
    [InlineData("*/5 * * * *", "2026-03-01T12:05:00Z")]
    [InlineData("1.00:00:00", "2026-03-02T12:00:00Z")]
    public void Schedule_EveryForm_GivesTheNextTime(string expression, string expected) =>
        Assert.Equal(
            DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime,
            TimerSchedule.TryParse(expression, out _)!.NextAfter(Noon.UtcDateTime));

    [Theory]
    [InlineData("0 0 0 30 2 *", false)]
    [InlineData("*/30 * * * * *", true)]
    [InlineData("0 * * * * *", false)]
    [InlineData("00:00:59", true)]
    public void Schedule_FasterThanAMinute_IsNotMonitored(string expression, bool expected) =>
        Assert.Equal(expected, TimerSchedule.TryParse(expression, out _)!.IsFasterThanAMinute(Noon.UtcDateTime));

    [Theory]
    [InlineData("00:00:00")]
    [InlineData("")]
    [InlineData("* * *")]
    public void Schedule_Nonsense_IsAProblem(string expression)
    {
        Assert.Null(TimerSchedule.TryParse(expression, out var problem));
        Assert.NotEmpty(problem!);
    }

    private static LocalApp App(VirtualTime time, Runs runs, string? localSettings = null, LogRecorder? log = null) => new()
    {
        LocalSettings = localSettings,
        Log = log,
        Configure = (FunctionsApplicationBuilder builder) => builder.Services.AddSingleton<TimeProvider>(time).AddSingleton(runs),
    };

    public sealed class Runs : ConcurrentQueue<(DateTimeOffset At, TimerInfo Info)>;

    public sealed class Often(Runs runs, TimeProvider time)
    {
        [Function("often")]
        public void Run([TimerTrigger("%Every%")] TimerInfo timer) => runs.Enqueue((time.GetUtcNow(), timer));
    }

    public sealed class AtStart(Runs runs, TimeProvider time)
    {
        [Function("at-start")]
        public void Run([TimerTrigger("0 0 * * * *", RunOnStartup = true)] TimerInfo timer) => runs.Enqueue((time.GetUtcNow(), timer));
    }

    public sealed class Hourly(Runs runs, TimeProvider time)
    {
        [Function("hourly")]
        public Task Run([TimerTrigger("0 0 * * * *")] TimerInfo timer, FunctionContext context)
        {
            Assert.Equal("timerTrigger", context.FunctionDefinition.InputBindings["timer"].Type);
            runs.Enqueue((time.GetUtcNow(), timer));
            return Task.CompletedTask;
        }
    }

    public sealed class Throwing(Runs runs, TimeProvider time)
    {
        [Function("throwing")]
        public void Run([TimerTrigger("00:00:10")] TimerInfo timer)
        {
            runs.Enqueue((time.GetUtcNow(), timer));
            throw new TimeoutException();
        }
    }

    public sealed class Lasting(Runs runs, TimeProvider time)
    {
        [Function("long")]
        public async Task Run([TimerTrigger("0 0 * * * *", RunOnStartup = true)] TimerInfo timer, CancellationToken cancellation)
        {
            runs.Enqueue((time.GetUtcNow(), timer));
            try
            {
                await Task.Delay(Timeout.Infinite, cancellation);
            }
            finally
            {
                runs.Enqueue((time.GetUtcNow(), timer));
            }
        }
    }
}
