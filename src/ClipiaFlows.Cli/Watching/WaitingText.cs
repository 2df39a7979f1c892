using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Cli.Watching;

/// <summary>Why jobs are not running, for people.</summary>
internal static class WaitingText
{
    /// <summary>A line for each reason, such as <c>8 jobs wait (key_slots): The API key allows …</c>.</summary>
    public static IEnumerable<string> LinesOf(Batch batch) => batch.WaitingFor.Select(why =>
        $"{why.Jobs} {(why.Jobs == 1 ? "job waits" : "jobs wait")} ({why.Code}): {why.Detail}");

    /// <summary>The codes with their counts, such as <c>8 key_slots, 3 dependency</c>; they change less often than the sentences.</summary>
    public static string CodesOf(Batch batch) => string.Join(", ", batch.WaitingFor.Select(why => $"{why.Jobs} {why.Code}"));

    /// <summary>Why a job has failed or is not running; empty when it runs or has succeeded.</summary>
    public static string NoteOf(Job job) => job switch
    {
        { Error: { } error } => $"{error.Code}: {error.Message}",
        { NextTryAt: { } next } => $"Fetched again at {Output.Moment(next)}" + (job.LastFailure is { } failure ? $": {failure.Message}" : ""),
        { WaitingFor: { } why } => $"{why.Code}: {why.Detail}",
        _ => "",
    };
}
