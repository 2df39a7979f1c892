using System.Security.Cryptography;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Cli.Downloads;

/// <summary>Copies the files of a batch into a folder and checks each against its SHA-256.</summary>
internal static class OutputDownload
{
    private const int AtOnce = 4;

    /// <summary>Returns the number of files. A file that is there already is fetched again; a broken one never gets its final name.</summary>
    public static async Task<int> RunAsync(
        AppClient app, string batchId, IReadOnlyList<Job> jobs, string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var outputs = jobs.SelectMany(job => job.Outputs).ToList();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(
            outputs, options, async (output, token) => await FetchAsync(app, batchId, output, LocalPath(folder, output.Path), token));
        return outputs.Count;
    }

    /// <summary>Where a file goes. Refuses a path that would leave the folder, whatever the app says.</summary>
    internal static string LocalPath(string folder, string path)
    {
        var root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        var target = Path.GetFullPath(Path.Combine(root, path));
        return target.StartsWith(root, StringComparison.Ordinal)
            ? target
            : throw new CommandFailure($"The app named an output path that leaves its folder: {path}");
    }

    private static async Task FetchAsync(AppClient app, string batchId, JobOutput output, string target, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var partial = target + ".partial";
        try
        {
            await using (var file = new FileStream(partial, FileMode.Create, FileAccess.ReadWrite))
            {
                await app.DownloadAsync(batchId, output.Path, file, cancellation);
                await CheckAsync(file, output, cancellation);
            }

            File.Move(partial, target, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static async Task CheckAsync(FileStream file, JobOutput output, CancellationToken cancellation)
    {
        file.Position = 0;
        var actual = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
        if (output.Sha256 is { } expected && !actual.Equals(expected, StringComparison.OrdinalIgnoreCase))
            throw new CommandFailure($"{output.Path} arrived damaged: its SHA-256 is {actual}, not {expected}.");
    }
}
