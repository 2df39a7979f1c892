using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Cli.Commands;

/// <summary><c>clipiaflows job BATCH JOB</c>: one job with its input and its timeline.</summary>
internal static class JobCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly Argument<string> BatchArgument = Control.CreateBatchArgument();
    private static readonly Argument<string> JobArgument = Control.CreateIdArgument("job", "The id of the job.");
    private static readonly Option<bool> JsonOption = new("--json") { Description = "Print the app's own answer (JSON)." };
    private static readonly Option<string?> UrlOption = AppConnection.CreateUrlOption();

    public static Command Create()
    {
        var command = new Command("job", "Show one job: what it asked for, what happened, what came of it.") { BatchArgument, JobArgument, JsonOption, UrlOption };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var app = AppConnection.Open(parsed.GetValue(UrlOption));
        var path = AppClient.PathOf(parsed.GetRequiredValue(BatchArgument), "/jobs/" + Uri.EscapeDataString(parsed.GetRequiredValue(JobArgument)));
        var raw = await app.GetJsonAsync(path, cancellation);
        if (parsed.GetValue(JsonOption))
            Output.Json(raw);
        else
            Show(app.As<JobDetail>(raw));
        return ExitCodes.Done;
    }

    private static void Show(JobDetail detail)
    {
        var job = detail.Job;
        Output.Line($"{job.Id}: {job.State}, {job.Model}, {Output.Number(job.Cost ?? 0)} credits (estimate {Output.Number(detail.Estimate)})");
        if (job.Error is { } error)
            Output.Line($"{error.Code}: {error.Message}");
        if (job.NextTryAt is { } next)
            Output.Line($"Its files are fetched again at {Output.Moment(next)}.");
        if (job.LastFailure is { } failure)
            Output.Line($"{failure.Code}: {failure.Message}");
        if (job.WaitingFor is { } why)
            Output.Line($"Waits ({why.Code}): {why.Detail}");
        if (detail.Needs.Count > 0)
            Output.Line($"Needs: {string.Join(", ", detail.Needs)}");
        foreach (var output in job.Outputs)
            Output.Line($"{output.Path}  {output.ContentType}  {Output.Number(output.Bytes)} bytes  sha256 {output.Sha256}");

        DateTimeOffset? before = null;
        Output.Table(["Time", "#After", "What", "#Attempt", "Note"], (IReadOnlyCollection<string?[]>)[.. detail.Timeline.Select(moment =>
        {
            var after = before is { } last ? string.Create(CultureInfo.InvariantCulture, $"{(moment.At - last).TotalSeconds:0.0} s") : "";
            before = moment.At;
            return new[] { Output.Moment(moment.At), after, moment.What, moment.Attempt?.ToString(CultureInfo.InvariantCulture), moment.Note };
        })], "Nothing has happened to it yet.");
        if (detail.Input is { } input)
            Console.Out.WriteLine(JsonSerializer.Serialize(input, Indented));
    }
}
