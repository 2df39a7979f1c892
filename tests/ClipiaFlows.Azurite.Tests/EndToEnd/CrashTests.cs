namespace ClipiaFlows.Azurite.Tests.EndToEnd;

public sealed class CrashTests
{
    [Fact]
    public async Task SmallCampaign_AppKilledInTheMiddle_ChargesEachJobOnceAndLosesNothing()
    {
        await using var stack = await RunningStack.StartAsync(imageSeconds: 2);
        var before = await stack.Emulator.LedgerAsync();
        var accepted = await stack.SubmitAsync(Campaigns.Small(images: 12));

        await KillWhenAsync(stack, accepted.Id, jobs => jobs.Submitting + jobs.Generating > 0);
        await KillWhenAsync(stack, accepted.Id, jobs => jobs.Generating > 0 && jobs.Succeeded > 0);
        await KillWhenAsync(stack, accepted.Id, jobs => jobs.Finished > 5);
        var batch = await stack.FinishAsync(accepted.Id);

        await ChargedOnce.VerifyAsync(stack, batch, before);
    }

    private static async Task KillWhenAsync(RunningStack stack, string batch, Func<ClipiaFlows.Cli.Api.JobCounts, bool> moment)
    {
        await stack.WhenAsync(batch, moment);
        await stack.Local.KillAppAsync();
        await stack.Local.StartAppAsync();
    }
}
