namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>Runs the campaign again and again on one stage, and kills the app in each run.</summary>
internal sealed class KillLane : IAsyncDisposable
{
    private readonly Stage _stage;

    private KillLane(Stage stage) => _stage = stage;

    /// <summary>Runs so far.</summary>
    public int Runs { get; private set; }

    /// <summary>Sets a stage and starts the app.</summary>
    public static async Task<KillLane> OpenAsync(StageOptions options)
    {
        var lane = new KillLane(await Stage.SetAsync(options));
        await lane._stage.Emulator.MisbehaveAsync(new { effect = "fail", input_seed = KillCampaign.FailingSeed });
        await lane._stage.StartAppAsync();
        return lane;
    }

    /// <summary>Runs it undisturbed and answers the boundaries that it passes.</summary>
    public async Task<(IReadOnlyList<string> Boundaries, KillRun Run)> RecordAsync()
    {
        var run = await RunAsync([0]);
        return ([.. _stage.Host.Passed], run);
    }

    /// <summary>
    /// Runs it and kills the app: at the first boundary of the list, counted from the start of the run, then at the next one,
    /// counted from the start of the process that goes on.
    /// </summary>
    public async Task<KillRun> RunAsync(IReadOnlyList<int> killAt)
    {
        var id = $"run-{++Runs}";
        var before = await _stage.Emulator.LedgerAsync();
        var later = new Queue<int>(killAt.Skip(1));
        _stage.Deaths.Clear();
        await _stage.Host.ArmAsync(killAt[0]);
        await _stage.InsistAsync((app, cancellation) => app.SubmitAsync(KillCampaign.Manifest(id), idempotencyKey: null, cancellation), later);
        var batch = await _stage.EndOfAsync(id, later);
        var unquiet = await Quiet.LackingAsync(_stage, id, later);
        var audit = await BatchAudit.OfAsync(_stage, batch, before);
        return new KillRun([.. _stage.Deaths], audit.Outcome, unquiet is null ? audit.Wrong : [.. audit.Wrong, unquiet]);
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();
}
