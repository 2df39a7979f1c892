using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClipiaFlows.Cli.Api;
using ClipiaFlows.Cli.Downloads;
using ClipiaFlows.Cli.Planning;
using ClipiaFlows.Cli.Watching;

namespace ClipiaFlows.Cli.Commands;

/// <summary><c>clipiaflows run MANIFEST</c>: hands a manifest to the app and follows it to its end.</summary>
internal static class RunCommand
{
    private static readonly Argument<string> ManifestArgument = ManifestFile.CreateArgument();
    private static readonly OptionName[] Names = [new("--plan", "plan"), new("--strict", "strict")];

    private static readonly Option<DirectoryInfo?> DownloadOption = new("--download")
    {
        Description = "Copy the files into a folder named after the batch below this one, with a gallery page.",
        HelpName = "DIR",
    };

    private static readonly Option<string?> PlanOption = new("--plan")
    {
        Description = "Start only if the manifest is still exactly this plan, by the hash that `plan` printed.",
        HelpName = "HASH",
    };

    private static readonly Option<bool> YesOption = new("--yes", "-y")
    {
        Description = "Do not show the price and ask first. Nobody is asked either when there is no terminal.",
    };

    private static readonly Option<bool> StrictOption = PlanCommand.CreateStrictOption();
    private static readonly Option<bool> DetachOption = new("--detach") { Description = "Do not wait for the end." };
    private static readonly Option<bool> JsonOption = new("--json") { Description = "Print the app's own answer (JSON)." };
    private static readonly Option<string?> UrlOption = AppConnection.CreateUrlOption();

    public static Command Create()
    {
        var command = new Command("run", "Submit a manifest and follow it until every job is done.")
        {
            ManifestArgument, PlanOption, StrictOption, YesOption, DownloadOption, DetachOption, JsonOption, UrlOption,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(DetachOption) && result.GetValue(DownloadOption) is not null)
                result.AddError("--detach and --download exclude each other: there is nothing to download yet.");
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var json = parsed.GetValue(JsonOption);
        using var app = AppConnection.Open(parsed.GetValue(UrlOption));
        if (parsed.GetValue(DownloadOption) is { } target)
            TargetFolder.Check(target, "--download");
        var manifest = await ManifestFile.ReadAsync(parsed.GetRequiredValue(ManifestArgument), cancellation);
        var (plan, strict) = (parsed.GetValue(PlanOption), parsed.GetValue(StrictOption));
        var hasAsked = plan is null && !parsed.GetValue(YesOption) && (Talk.CanAsk || (Talk.IsLive && manifest.IsStandardInput));
        if (hasAsked)
        {
            plan = await AgreeAsync(app, manifest, strict, cancellation);
            if (plan is null)
                return ExitCodes.Failed;
        }

        var accepted = await OptionNames.TranslateAsync(Names, () => SubmitAsync(app, manifest, plan, strict, cancellation));
        Talk.Line($"Accepted as batch {accepted.Id}: {accepted.Jobs} jobs.");
        // Who was asked has seen them with the plan.
        foreach (var warning in hasAsked ? [] : accepted.Warnings)
            Talk.Line($"Warning: {warning.Describe()}");
        if (parsed.GetValue(DetachOption))
        {
            if (json)
                Output.Json(accepted.Raw);
            else
                Output.Line(accepted.Id);
            return ExitCodes.Done;
        }

        var batch = await FollowAsync(app, accepted.Id, cancellation);
        var collected = parsed.GetValue(DownloadOption) is { } folder
            ? await Talk.WhileAsync("Downloading the files", _ => Collection.CollectAsync(app, batch, folder, cancellation))
            : null;
        if (json)
            Output.Json(WithWarnings(batch, accepted));
        else if (collected is not null)
            collected.Report(batch);
        else
            Output.Line(Collection.Summary(batch));
        collected?.ReportMissing(batch, Collection.Again(batch.Id, parsed.GetValue(DownloadOption)!));
        return batch.IsSuccess && collected is not { Missing.Count: > 0 } ? ExitCodes.Done : ExitCodes.Failed;
    }

    /// <summary>Shows the price and asks; what is started then is exactly that plan.</summary>
    private static async Task<string?> AgreeAsync(AppClient app, ManifestFile manifest, bool strict, CancellationToken cancellation)
    {
        var plan = await PlanRequest.RunAsync(app, manifest, jobs: "0", strict, cancellation);
        Talk.Screen.Write(PlanPicture.Draw(plan));
        var question = $"Start it ({PlanPicture.Summary(plan)})?";
        if (await (manifest.IsStandardInput ? Talk.AskOnTerminalAsync(question, cancellation) : Talk.AskAsync(question, cancellation)))
            return plan.Hash;
        Talk.Line("Nothing was started.");
        return null;
    }

    /// <summary>Sends it, and once more under the same key when the first answer did not come.</summary>
    private static async Task<Accepted> SubmitAsync(
        AppClient app, ManifestFile manifest, string? plan, bool strict, CancellationToken cancellation)
    {
        var idempotencyKey = manifest.NewBatchId();
        try
        {
            return await app.SubmitAsync(manifest.Content, idempotencyKey, plan, strict, cancellation);
        }
        catch (CommandFailure away) when (away.ExitCode == ExitCodes.NotReachable)
        {
            return await app.SubmitAsync(manifest.Content, idempotencyKey, plan, strict, cancellation);
        }
    }

    /// <summary>The batch as the app tells it, with the warnings of its start.</summary>
    private static JsonElement WithWarnings(Batch batch, Accepted accepted)
    {
        if (!accepted.Raw.TryGetProperty("warnings", out var warnings) || JsonObject.Create(batch.Raw) is not { } told)
            return batch.Raw;
        told["warnings"] = JsonNode.Parse(warnings.GetRawText());
        return JsonElement.Parse(told.ToJsonString(new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    private static async Task<Batch> FollowAsync(AppClient app, string id, CancellationToken cancellation)
    {
        try
        {
            return await ProgressDisplay.ShowAsync(show => BatchWatch.FollowAsync(app, id, show, cancellation: cancellation));
        }
        catch (OperationCanceledException)
        {
            Talk.Line($"The batch goes on in the app; follow it with: clipiaflows status {id} --watch");
            throw;
        }
    }
}
