namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>Runs one course again and again on one stage, and kills the app in each run.</summary>
internal sealed class KillLane : IAsyncDisposable
{
    private readonly Stage _stage;
    private readonly KillCourse _course;

    private KillLane(Stage stage, KillCourse course) => (_stage, _course) = (stage, course);

    /// <summary>Runs so far.</summary>
    public int Runs { get; private set; }

    /// <summary>Sets a stage and starts the app.</summary>
    /// <param name="course">How the campaign is run.</param>
    /// <param name="options">More of the stage, such as another build of the app.</param>
    public static async Task<KillLane> OpenAsync(KillCourse course, StageOptions? options = null)
    {
        var lane = new KillLane(await Stage.SetAsync(course.On(options ?? new StageOptions())), course);
        try
        {
            await lane._stage.Emulator.MisbehaveAsync(new { effect = "fail", input_seed = KillCampaign.FailingSeed });
            await lane._stage.StartAppAsync();
            return lane;
        }
        catch
        {
            await lane.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs it undisturbed and answers the boundaries that it passes.</summary>
    public async Task<(IReadOnlyList<string> Boundaries, KillRun Run)> RecordAsync()
    {
        var run = await RunAsync([0]);
        return ([.. _stage.Host.Passed], run);
    }

    /// <summary>Runs it and kills the app at the first boundary of that name.</summary>
    public Task<KillRun> RunAsync(string killAt) => RunAsync(() => _stage.Host.ArmAtAsync(killAt), new Queue<int>());

    /// <summary>
    /// Runs it and kills the app: at the first boundary of the list, counted from the start of the run, then at the next one,
    /// counted from the start of the process that goes on.
    /// </summary>
    public Task<KillRun> RunAsync(IReadOnlyList<int> killAt) =>
        RunAsync(() => _stage.Host.ArmAsync(killAt[0]), new Queue<int>(killAt.Skip(1)));

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    private async Task<KillRun> RunAsync(Func<Task<bool>> arm, Queue<int> later)
    {
        var id = $"run-{++Runs}";
        var before = await _stage.Emulator.LedgerAsync();
        _stage.Deaths.Clear();
        try
        {
            while (!await arm())
                await _stage.ReviveAsync();
            var batch = await _course.RunAsync(_stage, id, later);
            var unrest = await Quiet.LackingAsync(_stage, id, later);
            // A boundary that this run did not reach is no kill of the next.
            while (!await _stage.Host.DisarmAsync())
                await _stage.ReviveAsync();
            var audit = await BatchAudit.OfAsync(_stage, batch, before, _course.Predecessor(id));
            return new KillRun([.. _stage.Deaths], audit.Outcome, unrest is null ? audit.Wrong : [.. audit.Wrong, new(Fault.Unrest, unrest)]);
        }
        catch (Exception trouble)
        {
            // Whatever it is, the other runs go on, and this one is told with where the app was killed.
            return new KillRun([.. _stage.Deaths], "none", [new(Fault.Unrest, $"{trouble}\n{_stage.Host.Log}")]);
        }
    }
}
