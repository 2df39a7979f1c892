using System.Globalization;
using ClipiaFlows.Azurite.Tests.EndToEnd;

namespace ClipiaFlows.Azurite.Tests.Hostile;

/// <summary>A stack that is attacked while a campaign runs on it. The tests that share it run one after the other.</summary>
public sealed class BesiegedStackFixture : IAsyncLifetime
{
    internal const int Jobs = 12;
    private const int MostMemoryMegabytes = 500;
    private RunningStack? _running;

    internal RunningStack Running => _running!;

    /// <summary>Signs nothing here, and is accepted as the secret before a rotation is.</summary>
    internal static string PreviousSecret => "whsec_before_the_rotation_0123456789";

    public async Task InitializeAsync() => _running = await RunningStack.StartAsync(
        imageSeconds: 3, requestsPerMinute: 1200,
        appSettings: new Dictionary<string, string> { ["Clipia__PreviousWebhookSecret"] = PreviousSecret });

    public async Task DisposeAsync()
    {
        if (_running is not null)
            await _running.DisposeAsync();
    }

    /// <summary>Runs a campaign and attacks meanwhile: everything of it must come out right, and the app must stay small.</summary>
    internal async Task WhileACampaignRunsAsync(Func<string, Task> attack)
    {
        var before = await Running.Emulator.LedgerAsync();
        var batch = (await Running.SubmitAsync(Campaigns.ImagesOnly(Jobs))).Id;
        await Running.WhenAsync(batch, jobs => jobs.Generating > 2);

        await attack(batch);

        await ChargedOnce.VerifyAsync(Running, await Running.FinishAsync(batch), before);
        Assert.InRange(PeakMemoryMegabytes(), 0, MostMemoryMegabytes);
    }

    /// <summary>The most that the app ever had; 0 where the system does not tell.</summary>
    internal int PeakMemoryMegabytes()
    {
        var status = $"/proc/{Running.Local.AppProcessId}/status";
        var line = File.Exists(status) ? File.ReadLines(status).FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) : null;
        return line is null ? 0 : int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}

[CollectionDefinition(Name)]
public sealed class BesiegedStackUsers : ICollectionFixture<BesiegedStackFixture>
{
    public const string Name = "Besieged stack";
}
