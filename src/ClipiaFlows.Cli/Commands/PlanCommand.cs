using System.CommandLine;
using System.Globalization;
using ClipiaFlows.Cli.Api;
using ClipiaFlows.Cli.Planning;

namespace ClipiaFlows.Cli.Commands;

/// <summary><c>clipiaflows plan MANIFEST</c>: what a batch would cost and how long it would take, before anything is spent.</summary>
internal static class PlanCommand
{
    private const int UsualJobs = 10;

    private static readonly Argument<string> ManifestArgument = ManifestFile.CreateArgument();
    private static readonly OptionName[] Names = [new("--jobs", "jobs"), new("--strict", "strict")];

    private static readonly Option<string> JobsOption = CreateJobsOption();
    private static readonly Option<bool> StrictOption = CreateStrictOption();
    private static readonly Option<bool> JsonOption = new("--json") { Description = "Print the app's own answer (JSON)." };
    private static readonly Option<string?> UrlOption = AppConnection.CreateUrlOption();

    public static Command Create()
    {
        var command = new Command("plan", "Say what a manifest would cost and how long it would take. Spends nothing.")
        {
            ManifestArgument, JobsOption, StrictOption, JsonOption, UrlOption,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var app = AppConnection.Open(parsed.GetValue(UrlOption));
        var jobs = parsed.GetValue(JobsOption) ?? UsualJobs.ToString(CultureInfo.InvariantCulture);
        var manifest = await ManifestFile.ReadAsync(parsed.GetRequiredValue(ManifestArgument), cancellation);
        var plan = await OptionNames.TranslateAsync(
            Names, () => PlanRequest.RunAsync(app, manifest, jobs, parsed.GetValue(StrictOption), cancellation));
        if (parsed.GetValue(JsonOption))
            Output.Json(plan.Raw);
        else
            Talk.Results.Write(PlanPicture.Draw(plan));
        return ExitCodes.Done;
    }

    public static Option<bool> CreateStrictOption() => new("--strict")
    {
        Description = "Refuse a manifest with warnings, such as a misspelled input.",
    };

    private static Option<string> CreateJobsOption()
    {
        var option = new Option<string>("--jobs")
        {
            Description = $"How many jobs to list: a number or 'all'. Default: {UsualJobs}.",
            HelpName = "N",
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } jobs and not "all"
                && !int.TryParse(jobs, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                result.AddError($"'{jobs}' is neither a number nor 'all'.");
        });
        return option;
    }
}
