using System.Globalization;
using ClipiaFlows.Cli.Api;
using ClipiaFlows.Cli.Downloads;

namespace ClipiaFlows.Cli.Commands;

/// <summary>The files of a finished batch in a folder of their own, with a page that shows them.</summary>
internal sealed record Collection(string Folder, string Gallery, int Files)
{
    // No output has such a path: the app keeps these names for itself.
    private static readonly string[] ReceiptFiles = ["results.jsonl", "errors.jsonl", "results.csv", "summary.json"];

    /// <summary>Downloads files, gallery and, of a finished batch, receipt into a folder named after the batch.</summary>
    public static async Task<Collection> CollectAsync(AppClient app, Batch batch, DirectoryInfo parent, CancellationToken cancellation)
    {
        var folder = Path.Combine(parent.FullName, batch.Id);
        var jobs = await app.GetResultsAsync(batch.Id, cancellation).ToListAsync(cancellation);
        var files = await OutputDownload.RunAsync(app, batch.Id, jobs, folder, cancellation);
        var gallery = Path.Combine(folder, "gallery.html");
        await FetchAsync(app, AppClient.PathOf(batch.Id, "/gallery"), gallery, cancellation);
        if (batch.IsTerminal)
        {
            foreach (var file in ReceiptFiles)
                await FetchAsync(app, AppClient.PathOf(batch.Id, "/receipt/" + file), Path.Combine(folder, file), cancellation);
        }

        return new Collection(folder, gallery, files);
    }

    private static async Task FetchAsync(AppClient app, string path, string target, CancellationToken cancellation)
    {
        var partial = target + ".partial";
        try
        {
            await using (var file = File.Create(partial))
                await app.CopyAsync(path, file, cancellation);
            File.Move(partial, target, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Says what became of the batch and where its files are.</summary>
    public void Report(Batch batch)
    {
        Console.Out.WriteLine(Summary(batch));
        Console.Out.WriteLine($"Files:   {Folder} ({Files})");
        Console.Out.WriteLine($"Gallery: {Gallery}");
    }

    /// <summary>One line such as <c>Completed: 14 of 14 jobs succeeded, 180 credits charged.</c></summary>
    public static string Summary(Batch batch)
    {
        var charged = (batch.Credits.Charged ?? 0).ToString("0.##", CultureInfo.InvariantCulture);
        var reason = batch.Reason is { Length: > 0 } why ? $" {why}" : "";
        return $"{batch.State}: {batch.Jobs.Succeeded} of {batch.Jobs.Total} jobs succeeded, {charged} credits charged.{reason}";
    }
}
