using System.Text.Json;
using Clipia;
using ClipiaFlows.Media;
using ClipiaFlows.Planning;
using ClipiaFlows.Production.Rows;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production;

/// <summary>The files of an attempt that are stored, and why others are not.</summary>
/// <param name="Stored">By which of the output's files it is, from 0, and in that order.</param>
/// <param name="Failures">One for each file that is missing; it names the file's place in the output.</param>
public sealed record KeptFiles(SortedList<int, StoredOutput> Stored, IReadOnlyList<MediaException> Failures);

/// <summary>Stores the files of an attempt: fetched from where Clipia has them, or copied from an earlier job.</summary>
/// <remarks>May run more than once: what the attempt's row tells of as stored is not fetched again.</remarks>
public sealed class OutputFiles(IOutputStore outputs, MediaFetcher media)
{
    // A text column takes 32,768 characters; the last file may need 8,000, with a long path of letters that its address escapes.
    private const int MostRecorded = 24_000;

    /// <summary>Keeps all that can be had: one file that cannot does not keep the others from being stored.</summary>
    public async Task<KeptFiles> KeepAsync(AttemptRow attempt, string seed, CancellationToken cancellation)
    {
        using var output = JsonDocument.Parse(attempt.OutputJson!);
        var known = JsonSerializer.Deserialize<List<StoredOutput>>(attempt.FilesJson ?? "[]")!;
        var (stored, failures, recorded) = (new SortedList<int, StoredOutput>(), new List<MediaException>(), 0);
        foreach (var (index, (place, file)) in MediaFiles.Places(output.RootElement).Index())
        {
            try
            {
                if (recorded > MostRecorded)
                    throw TooMany();
                var kept = known.Find(one => one.Path == PathOf(attempt, MediaType.Of(one.ContentType), index))
                    ?? await KeepAsync(attempt, seed, file, index, cancellation);
                stored.Add(index, kept);
                recorded += StoredJson.Write(kept).Length + 1;
            }
            catch (MediaException failure)
            {
                failures.Add(new(failure.Code, $"{place}: {failure.Message}", failure.MayPass, failure) { RetryAfter = failure.RetryAfter });
            }
        }

        return stored.Count + failures.Count > 0 ? new(stored, failures) : new([], [Missing("The generation completed without any file.")]);
    }

    /// <summary>Copies the files of the earlier job that the row tells of, under this job's paths, as far as they are there.</summary>
    public async Task<KeptFiles> TakeOverAsync(AttemptRow attempt, string seed, CancellationToken cancellation)
    {
        var stored = new SortedList<int, StoredOutput>();
        try
        {
            var recorded = 0;
            foreach (var (index, file) in JsonSerializer.Deserialize<List<StoredOutput>>(attempt.FilesJson!)!.Index())
            {
                // Their paths here may be longer than they were there.
                if (recorded > MostRecorded)
                    throw TooMany();
                var copy = await TakeOverAsync(attempt, seed, file, index, cancellation);
                stored.Add(index, copy);
                recorded += StoredJson.Write(copy).Length + 1;
            }

            return new(stored, []);
        }
        catch (MediaException failure)
        {
            return new(stored, [failure]);
        }
    }

    /// <summary>Deletes all files of an attempt again.</summary>
    public async Task TakeBackAsync(AttemptRow attempt, string seed, KeptFiles kept, CancellationToken cancellation)
    {
        foreach (var (index, file) in kept.Stored)
            await outputs.DeleteAsync(attempt.PartitionKey, file.Path, IdentityOf(attempt, seed, index), cancellation);
    }

    private async Task<StoredOutput> TakeOverAsync(AttemptRow attempt, string seed, StoredOutput file, int index, CancellationToken cancellation)
    {
        var source = attempt.ReusedFrom![..attempt.ReusedFrom!.IndexOf('/', StringComparison.Ordinal)];
        if (await outputs.OpenAsync(source, file.Path, long.MaxValue, cancellation) is not { } earlier)
            throw new MediaException("reused_output_gone", $"The output of {attempt.ReusedFrom} has been deleted meanwhile.", mayPass: false);
        await using var content = earlier.Content;
        var type = MediaType.Of(file.ContentType);
        var path = PathOf(attempt, type, index);
        var copy = await outputs.SaveAsync(attempt.PartitionKey, path, type, IdentityOf(attempt, seed, index), content, cancellation);
        return file with { Path = path, Url = copy.Uri, Bytes = copy.Bytes, Sha256 = copy.Sha256 };
    }

    private async Task<StoredOutput> KeepAsync(AttemptRow attempt, string seed, MediaFile? file, int index, CancellationToken cancellation)
    {
        if (file is null)
            throw Missing("The output holds no http or https address here that can be read.");
        await using var fetched = await media.OpenAsync(file.BestUrl, cancellation);
        var path = PathOf(attempt, fetched.Type, index);
        var stored = await outputs.SaveAsync(attempt.PartitionKey, path, fetched.Type, IdentityOf(attempt, seed, index), fetched.Content, cancellation);
        return new StoredOutput
        {
            Path = path,
            Url = stored.Uri,
            ContentType = fetched.Type.ContentType,
            Bytes = stored.Bytes,
            Sha256 = stored.Sha256,
            Width = file.Width,
            Height = file.Height,
            DurationSeconds = file.DurationSeconds,
        };
    }

    private static string PathOf(AttemptRow attempt, MediaType type, int index) =>
        OutputPathTemplate.Name(attempt.OutputPath, type.Extension, index + 1);

    private static OutputIdentity IdentityOf(AttemptRow attempt, string seed, int index) => new(attempt.JobId, attempt.Attempt, index, seed);

    private static MediaException TooMany() =>
        new("output_too_long", "The output has more files than can be recorded; this one is not kept.", mayPass: false);

    private static MediaException Missing(string message) => new("output_missing", message, mayPass: false);
}
