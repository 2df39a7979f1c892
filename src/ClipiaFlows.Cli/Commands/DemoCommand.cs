using System.CommandLine;
using ClipiaFlows.Cli.Api;
using ClipiaFlows.Cli.Downloads;
using ClipiaFlows.Cli.Stack;
using ClipiaFlows.Cli.Watching;

namespace ClipiaFlows.Cli.Commands;

/// <summary><c>clipiaflows demo</c>: a whole campaign on one machine, from nothing to files, leaving nothing running.</summary>
internal static class DemoCommand
{
    private static readonly string Sample = Path.Combine(AppContext.BaseDirectory, "samples", "spring-campaign.json");

    private static readonly Option<string?> ManifestOption =
        ManifestFile.CreateOption("The manifest to run; - reads standard input. Default: samples/spring-campaign.json.");

    private static readonly Option<DirectoryInfo?> OutOption = new("--out")
    {
        Description = "Folder that gets one folder per batch. Default: ./out.",
        HelpName = "DIR",
    };

    private static readonly Option<bool> KeepOption = new("--keep")
    {
        Description = "Leave storage, state and logs of the stack in their temporary folder.",
    };

    public static Command Create()
    {
        var command = new Command("demo", "Run a sample campaign on this machine, with everything it needs, and stop it all.")
        {
            ManifestOption, OutOption, KeepOption,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(ManifestOption) ?? Sample,
            parsed.GetValue(OutOption) ?? new DirectoryInfo("out"),
            parsed.GetValue(KeepOption),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string path, DirectoryInfo outFolder, bool keep, CancellationToken cancellation)
    {
        TargetFolder.Check(outFolder, "--out");
        var manifest = await ManifestFile.ReadAsync(path, cancellation);
        await using var stack = await Talk.WhileAsync("Starting the local stack", tell => LocalStack.StartAsync(
            new LocalStackOptions { KeepTemporaryData = keep, Tell = tell }, cancellation));
        using var app = new AppClient(stack.AppUrl, key: null);

        var accepted = await app.SubmitAsync(manifest.Content, null, plan: null, strict: false, cancellation);
        Talk.Line($"Submitted {TerminalText.OnOneLine(manifest.Name)} as batch {accepted.Id}: {accepted.Jobs} jobs.");
        var batch = await ProgressDisplay.ShowAsync(
            show => BatchWatch.FollowAsync(app, accepted.Id, show, stack.ThrowIfDead, cancellation));

        var collected = await Talk.WhileAsync("Downloading the files", _ => Collection.CollectAsync(app, batch, outFolder, cancellation));
        collected.Report(batch);
        collected.ReportMissing(batch, advice: null);
        if (keep)
            Talk.Line($"State and logs are kept in {stack.DataDirectory}");
        return batch.IsSuccess && collected.Missing.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }
}
