using ClipiaFlows.Cli;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>A way in which the campaign is run.</summary>
/// <param name="Name">For people.</param>
/// <param name="Webhooks">Whether the app asks for webhooks.</param>
/// <param name="Steered">Whether somebody pauses it, resumes it, and retries what has failed.</param>
/// <param name="InLine">Whether the API key has one slot, and another batch has it when the campaign comes.</param>
internal sealed record KillCourse(string Name, bool Webhooks, bool Steered, bool InLine = false)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<KillCourse> All { get; } =
    [
        new("delivered", Webhooks: true, Steered: false),
        new("polled", Webhooks: false, Steered: false),
        new("steered", Webhooks: true, Steered: true),
        new("in line", Webhooks: true, Steered: false, InLine: true),
    ];

    /// <summary>How its stage is set.</summary>
    public StageOptions On(StageOptions options) => options with
    {
        Webhooks = Webhooks,
        AppSettings = InLine ? new Dictionary<string, string>(options.AppSettings) { ["Pacing__Concurrency"] = "1" } : options.AppSettings,
    };

    /// <summary>The batch before the campaign in line.</summary>
    public string? Predecessor(string id) => InLine ? $"{id}-first" : null;

    /// <summary>Runs it to its end as callers do who repeat what was not answered, under the same ids.</summary>
    public async Task<Batch> RunAsync(Stage stage, string id, Queue<int> killAt)
    {
        if (Predecessor(id) is { } first)
            await stage.InsistAsync((app, cancellation) => app.SubmitAsync(KillCampaign.OneJob(first), idempotencyKey: null, cancellation), killAt);
        await stage.InsistAsync((app, cancellation) => app.SubmitAsync(KillCampaign.Manifest(id), idempotencyKey: null, cancellation), killAt);
        if (Steered)
        {
            await CommandAsync(stage, id, "pause", killAt);
            await CommandAsync(stage, id, "resume", killAt);
        }

        var batch = await stage.EndOfAsync(id, killAt);
        if (!Steered)
            return batch;
        await CommandAsync(stage, id, "retry", killAt);
        return await stage.EndOfAsync(id, killAt);
    }

    /// <summary>Issues a command and waits until it is decided; one that comes too late for the batch is none.</summary>
    private static async Task CommandAsync(Stage stage, string id, string verb, Queue<int> killAt)
    {
        try
        {
            await stage.InsistAsync((app, cancellation) => app.CommandAsync(HttpMethod.Post, id, "/" + verb, null, verb, cancellation), killAt);
        }
        catch (CommandFailure) when (verb is not "retry")
        {
            return;
        }

        await stage.UntilAsync(
            async (app, cancellation) => !(await app.GetOperationAsync(id, verb, cancellation)).IsPending, $"{verb} was not decided", killAt);
    }
}
