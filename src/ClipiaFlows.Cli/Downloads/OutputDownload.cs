using System.Collections.Concurrent;
using System.Security.Cryptography;
using ClipiaFlows.Cli.Api;

namespace ClipiaFlows.Cli.Downloads;

/// <summary>A file that could not be fetched, and why.</summary>
internal sealed record MissingFile(string Path, string Reason);

/// <summary>Copies files of a batch into its folder, each for itself: one that is missing keeps no other from coming.</summary>
internal sealed class OutputDownload(AppClient app, string batch, string folder)
{
    private const int AtOnce = 4;

    private readonly LocalPaths _paths = new(folder);
    private readonly ConcurrentQueue<MissingFile> _missing = new();
    private volatile bool _isDiskFull;

    /// <summary>The files that are missing, by their paths.</summary>
    public IReadOnlyList<MissingFile> Missing => [.. _missing.OrderBy(file => file.Path, StringComparer.Ordinal)];

    /// <summary>True when the disk got full; nothing was fetched any more then.</summary>
    public bool IsDiskFull => _isDiskFull;

    /// <summary>
    /// Returns the number of outputs that are there, checked against their SHA-256; one that was there already is not fetched again.
    /// </summary>
    public async Task<int> FetchOutputsAsync(IReadOnlyList<Job> jobs, CancellationToken cancellation)
    {
        // Jobs that share an output name the same file.
        var outputs = jobs.SelectMany(job => job.Outputs).DistinctBy(output => (output.Path, output.Sha256)).ToList();
        var targets = new List<(JobOutput Output, string File)>();
        foreach (var output in outputs)
        {
            var (file, objection) = _paths.Claim(output.Path);
            if (file is not null)
                targets.Add((output, file));
            else
                _missing.Enqueue(new MissingFile(output.Path, $"It is refused: {objection}."));
        }

        var there = 0;
        await Parallel.ForEachAsync(
            targets, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (target, token) =>
            {
                if (await TryAsync(target.Output.Path, () => FetchAsync(target.Output, target.File, token)))
                    Interlocked.Increment(ref there);
            });
        return there;
    }

    /// <summary>Fetches a file that the app writes about the batch.</summary>
    public Task<bool> FetchAsync(string path, string name, CancellationToken cancellation) => TryAsync(name, () =>
    {
        var file = Path.Combine(folder, name);
        _paths.CreateFolders(file);
        return LocalFile.WriteAsync(file, stream => app.CopyAsync(path, stream, Answers.MaxBytes, cancellation));
    });

    private async Task FetchAsync(JobOutput output, string file, CancellationToken cancellation)
    {
        _paths.CreateFolders(file);
        if (output.Sha256 is { } known && known.Equals(await LocalFile.HashAsync(file, cancellation), StringComparison.OrdinalIgnoreCase))
            return;
        await LocalFile.WriteAsync(file, async stream =>
        {
            await app.DownloadAsync(batch, output, stream, cancellation);
            stream.Position = 0;
            var actual = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
            if (output.Sha256 is { } expected && !actual.Equals(expected, StringComparison.OrdinalIgnoreCase))
                throw new CommandFailure($"It arrived damaged: its SHA-256 is {actual}, not {expected}.");
        });
    }

    private async Task<bool> TryAsync(string path, Func<Task> fetch)
    {
        const string Full = "The disk is full.";
        if (_isDiskFull)
        {
            _missing.Enqueue(new MissingFile(path, Full));
            return false;
        }

        try
        {
            await fetch();
            return true;
        }
        catch (CommandFailure failure)
        {
            _missing.Enqueue(new MissingFile(path, failure.Message));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _isDiskFull |= LocalFile.IsDiskFull(failure);
            _missing.Enqueue(new MissingFile(path, _isDiskFull ? Full : failure.Message));
        }

        return false;
    }
}
