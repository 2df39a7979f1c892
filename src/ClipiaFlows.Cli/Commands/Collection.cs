using System.Globalization;
using ClipiaFlows.Cli.Api;
using ClipiaFlows.Cli.Downloads;

namespace ClipiaFlows.Cli.Commands;

/// <summary>The files of a batch in a folder of their own, with a page that shows them.</summary>
internal sealed record Collection(string Folder, string Gallery, int Files)
{
    // No output has such a path: the app keeps these names for itself.
    private const string GalleryFile = "gallery.html";
    private static readonly string[] ReceiptFiles = ["results.jsonl", "errors.jsonl", "results.csv", "summary.json"];

    /// <summary>Files that could not be fetched.</summary>
    public IReadOnlyList<MissingFile> Missing { get; init; } = [];

    /// <summary>True when the local disk got full.</summary>
    public bool IsDiskFull { get; init; }

    /// <summary>
    /// Downloads every file that exists, the gallery and, of a finished batch, the receipt into a folder named after the batch.
    /// </summary>
    public static async Task<Collection> CollectAsync(AppClient app, Batch batch, DirectoryInfo parent, CancellationToken cancellation)
    {
        var folder = TargetFolder.OfBatch(parent, batch.Id);
        var jobs = await app.GetResultsAsync(batch.Id, cancellation).ToListAsync(cancellation);
        var download = new OutputDownload(app, batch.Id, folder);
        var files = await download.FetchOutputsAsync(jobs, cancellation);
        await download.FetchAsync(AppClient.PathOf(batch.Id, "/gallery"), GalleryFile, cancellation);
        if (batch.IsTerminal)
        {
            foreach (var file in ReceiptFiles)
                await download.FetchAsync(AppClient.PathOf(batch.Id, "/receipt/" + file), file, cancellation);
        }

        return new Collection(folder, Path.Combine(folder, GalleryFile), files) { Missing = download.Missing, IsDiskFull = download.IsDiskFull };
    }

    /// <summary>Says what became of the batch and where its files are.</summary>
    public void Report(Batch batch)
    {
        Output.Line(Summary(batch));
        Output.Line($"Files:   {Folder} ({Files})");
        if (Missing.All(file => file.Path != GalleryFile))
            Output.Line($"Gallery: {Gallery}");
    }

    /// <summary>One line for each missing file, and how to continue.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="advice">What to do then; <c>null</c> when the app is gone with its batch.</param>
    public void ReportMissing(Batch batch, string? advice)
    {
        foreach (var file in Missing)
            Talk.Line(TerminalText.OnOneLine($"Missing: {file.Path}: {file.Reason}"));
        if (Missing.Count == 0)
            return;
        var what = IsDiskFull
            ? $"The disk of {Folder} is full: {Missing.Count} files are missing."
            : $"{Missing.Count} {(Missing.Count == 1 ? "file is" : "files are")} missing.";
        Talk.Line(TerminalText.OnOneLine(advice is null ? what : $"{what} {(IsDiskFull ? "Make room, then fetch" : "Fetch")} the rest with: {advice}"));
    }

    /// <summary>The command that fetches the rest.</summary>
    public static string Again(string batch, DirectoryInfo parent) => $"clipiaflows download {batch} --out {Quoted(parent.FullName)}";

    private static string Quoted(string path) => path.All(letter => char.IsAsciiLetterOrDigit(letter) || "/._-".Contains(letter))
        ? path
        : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>One line such as <c>Completed: 14 of 14 jobs succeeded, 180 credits charged.</c></summary>
    public static string Summary(Batch batch)
    {
        var charged = (batch.Credits.Charged ?? 0).ToString("0.##", CultureInfo.InvariantCulture);
        var reason = batch.Reason is { Length: > 0 } why ? $" {why}" : "";
        return $"{batch.State}: {batch.Jobs.Succeeded} of {batch.Jobs.Total} jobs succeeded, {charged} credits charged.{reason}";
    }
}
