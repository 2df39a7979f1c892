namespace ClipiaFlows.Tests.Exploring;

/// <summary>
/// One run of an activity, a delivery or a command. It can be stopped before any of its effects on the world, and go on later,
/// never (its process has died), or beside another run of the same.
/// </summary>
internal sealed class Flight(string name, int? stopBefore)
{
    private static readonly AsyncLocal<Flight?> Under = new();

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private int? _stopBefore = stopBefore;
    private int _effects;
    private Task? _run;

    public static Flight? Current => Under.Value;

    public string Name => name;

    /// <summary>What the API and the media host answer to it.</summary>
    public string Script { get; init; } = "ok";

    /// <summary>The effect that it stopped before.</summary>
    public string? StoppedBefore { get; private set; }

    /// <summary>Runs until the end or the stop.</summary>
    /// <returns>Whether it has ended.</returns>
    public async Task<bool> StartAsync(Func<Task> run)
    {
        _run = BeginAsync(run);
        await ComesAsync(Task.WhenAny(_run, _stopped.Task));
        if (_run.IsCompleted)
            await LandAsync();
        return _run.IsCompleted;
    }

    /// <summary>Runs on from the stop to the end.</summary>
    public async Task GoOnAsync()
    {
        _stopBefore = null;
        StoppedBefore = null;
        _goOn.SetResult();
        await ComesAsync(Task.WhenAny(_run!));
        await LandAsync();
    }

    /// <summary>Called before each effect; waits where the flight was told to stop.</summary>
    public static Task Before(string effect) => Under.Value is { } flight ? flight.Pass(effect) : Task.CompletedTask;

    /// <summary>Runs something on behalf of another: its effects are not this flight's.</summary>
    public static async Task Aside(Func<Task> run)
    {
        Under.Value = null;
        await run();
    }

    private async Task BeginAsync(Func<Task> run)
    {
        Under.Value = this;
        await run();
        await Pass("report");
    }

    private Task Pass(string effect)
    {
        lock (_gate)
        {
            if (_effects++ != _stopBefore)
                return StoppedBefore is null ? Task.CompletedTask : _goOn.Task;
            StoppedBefore = effect;
        }

        _stopped.SetResult();
        return _goOn.Task;
    }

    private async Task LandAsync()
    {
        try
        {
            await _run!;
        }
        catch (Exception trouble) when (trouble is not ViolationException)
        {
            throw new ViolationException($"{Name} threw {trouble}");
        }
    }

    // Nothing in the world takes real time, so a wait that does not end is a wait for something that never comes.
    private async Task ComesAsync(Task some)
    {
        if (some.IsCompleted)
            return;
        try
        {
            await some.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new ViolationException($"{Name} waits for something that never comes.");
        }
    }
}
