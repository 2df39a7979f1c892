using System.Text.Json;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>
/// The clock jumps over the 24 hours for which an idempotency key is good (clipia-api.md section 8): a machine that slept, or
/// a wrong clock that was set. What was sent before and not answered is not sent again then, because it would be paid twice.
/// </summary>
public sealed class ClockJumpTests
{
    private const string SubmissionAnswered = "After call POST /v1/models/nano-banana-2";
    private const int SubmittedAtOnce = 3;
    private static readonly TimeSpan TooLong = TimeSpan.FromHours(25);

    // So that all of the first ones are under way at a time, and none is in doubt when the clock jumps.
    private static readonly StageOptions LongGenerations = new() { ImageSeconds = 60, VideoSeconds = 60 };

    private static readonly byte[] OneJob = JsonSerializer.SerializeToUtf8Bytes(new
    {
        version = 1,
        id = "one",
        jobs = new[] { new { id = "hero", model = "nano-banana-2", input = new { prompt = "A lighthouse", resolution = "1K" } } },
    });

    [Fact]
    public async Task Clock_JumpsADayWhileTheAppIsDownWithAnUnansweredSubmission_NothingIsSentAgain()
    {
        await using var stage = await Stage.SetAsync();
        var batch = await RunAsync(stage, TooLong);

        Assert.Equal(1, batch.Jobs.Unresolved);
        Assert.Single((await stage.Emulator.LedgerAsync()).Entries);
        var job = Assert.Single(await stage.App.GetJobsAsync("one", null, CancellationToken.None));
        Assert.Equal("submission_unknown", job.Error!.Code);
    }

    [Fact]
    public async Task Clock_JumpsTwentyTwoHoursWhileTheAppIsDown_TheSameSubmissionIsFound()
    {
        await using var stage = await Stage.SetAsync();
        var batch = await RunAsync(stage, TimeSpan.FromHours(22));

        Assert.Equal(1, batch.Jobs.Succeeded);
        Assert.Single((await stage.Emulator.LedgerAsync()).Entries);
    }

    [Fact]
    public async Task Clocks_JumpADayInTheMiddleOfACampaign_ItEndsRight()
    {
        await using var stage = await Stage.SetAsync(LongGenerations);
        await RunCampaignAsync(stage, () => stage.JumpAsync(TooLong));
    }

    [Fact]
    public async Task Clock_OfTheAppAloneJumpsADay_DeliveriesAreRefusedAndPollsBringTheResults()
    {
        await using var stage = await Stage.SetAsync(LongGenerations);
        await RunCampaignAsync(stage, () => stage.JumpAppAsync(TooLong));
    }

    /// <summary>Kills the app when its only submission was accepted and not recorded, and starts it again that much later.</summary>
    private static async Task<Batch> RunAsync(Stage stage, TimeSpan later)
    {
        await stage.Emulator.MisbehaveAsync(new { effect = "drop_webhook" });
        await stage.StartAppAsync();
        await stage.Host.ArmAtAsync(SubmissionAnswered);
        await stage.App.SubmitAsync(OneJob, null, CancellationToken.None);
        await stage.Host.ExitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(SubmissionAnswered, stage.Host.Passed.Last());

        await stage.JumpAsync(later);

        return await stage.EndOfAsync("one");
    }

    private static async Task RunCampaignAsync(Stage stage, Func<Task> jump)
    {
        await stage.Emulator.MisbehaveAsync(new { effect = "fail", input_seed = KillCampaign.FailingSeed });
        await stage.StartAppAsync();
        var before = await stage.Emulator.LedgerAsync();
        await stage.InsistAsync((app, cancellation) => app.SubmitAsync(KillCampaign.Manifest("jump"), null, cancellation));
        await stage.UntilAsync(
            async (app, cancellation) => (await app.GetBatchAsync("jump", cancellation)).Jobs is { Generating: SubmittedAtOnce, Submitting: 0 },
            "Not all were submitted");

        await jump();

        var batch = await stage.EndOfAsync("jump");
        Assert.Null(await Quiet.LackingAsync(stage, "jump"));
        Assert.Empty((await BatchAudit.OfAsync(stage, batch, before)).Wrong);
        Assert.Equal((4, 1, 1), (batch.Jobs.Succeeded, batch.Jobs.Failed, batch.Jobs.Canceled));
    }
}
