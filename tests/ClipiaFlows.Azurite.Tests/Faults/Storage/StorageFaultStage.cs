namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>A stage with a proxy before its storage, and what the campaign is there undisturbed.</summary>
public sealed class StorageFaultStage : IAsyncLifetime
{
    internal Stage Stage { get; private set; } = null!;

    internal FaultyStorage Storage { get; private set; } = null!;

    /// <summary>How it ends.</summary>
    internal string Outcome { get; private set; } = "";

    /// <summary>Requests to storage that it takes.</summary>
    internal int Requests { get; private set; }

    /// <summary>Calls to the API that it takes.</summary>
    internal int Calls { get; private set; }

    public async Task InitializeAsync()
    {
        Stage = await Stage.SetAsync();
        Storage = await FaultyStorage.StartAsync(Stage.Azurite);
        Stage.StorageConnection = Storage.ConnectionString;
        await Stage.Emulator.MisbehaveAsync(new { effect = "fail", input_seed = KillCampaign.FailingSeed });
        await Stage.StartAppAsync();
        await RunAsync("warm-up");
        Storage.Reset();
        var (calls, audit) = await RunAsync("undisturbed");
        (Outcome, Requests, Calls) = (audit.Outcome, Storage.Requests, calls);
        Assert.Empty(audit.Wrong);
    }

    /// <summary>Runs the campaign to its end and goes through what it left.</summary>
    internal async Task<(int Calls, BatchAudit Audit)> RunAsync(string id)
    {
        var before = await Stage.Emulator.LedgerAsync();
        var calls = await Stage.CallsAsync();
        await Stage.UntilAsync(async (app, cancellation) => await app.SubmitAsync(KillCampaign.Manifest(id), null, cancellation) is not null, "It was not accepted");
        var batch = await Stage.EndOfAsync(id);
        var unrest = await Quiet.LackingAsync(Stage, id);
        Assert.Null(unrest);
        return (await Stage.CallsAsync() - calls, await BatchAudit.OfAsync(Stage, batch, before));
    }

    public async Task DisposeAsync()
    {
        if (Storage is not null)
            await Storage.DisposeAsync();
        await Stage.DisposeAsync();
    }
}
