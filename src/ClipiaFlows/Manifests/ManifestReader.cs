using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace ClipiaFlows.Manifests;

/// <summary>Reads a manifest and tells all that is wrong with its shape at once.</summary>
/// <remarks>
/// What depends on expanding it (variables, ids, dependencies, models, inputs, output paths) is told by
/// <see cref="Planning.Planner"/>, which takes the reading as it is.
/// </remarks>
public static class ManifestReader
{
    /// <summary>Reads a manifest as received. Never throws for what stands in it. The bytes are not kept.</summary>
    /// <param name="utf8">JSON or JSON Lines in UTF-8, with or without byte order mark.</param>
    /// <param name="format">The form, or null to tell it by the text.</param>
    public static ManifestReading Read(ReadOnlyMemory<byte> utf8, ManifestFormat? format = null)
    {
        var whole = new ReadOnlySequence<byte>(utf8);
        if ((format ?? ManifestFormats.Detect(whole, isWhole: true)) is ManifestFormat.Json)
            return ReadJson(utf8, ManifestLimits.MaxBytes);

        using var lines = new JsonLinesReading();
        var text = JsonLines.WithoutMark(whole);
        while (lines.IsWithinLimits && JsonLines.TryTake(ref text, isWhole: true, out var line))
            lines.Take(line);
        return lines.Finish();
    }

    /// <summary>Reads a manifest from a stream: JSON as a whole, JSON Lines line by line.</summary>
    /// <param name="stream">Read to its end, or until it is too large; not closed.</param>
    /// <param name="format">The form, or null to tell it by the text.</param>
    /// <param name="mostBytes">The most bytes of the text.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="IOException">The stream breaks.</exception>
    public static async Task<ManifestReading> ReadAsync(
        Stream stream, ManifestFormat? format, long mostBytes, CancellationToken cancellation)
    {
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 256 * 1024, leaveOpen: true));
        try
        {
            while (format is null)
            {
                var beginning = await pipe.ReadAsync(cancellation);
                format = ManifestFormats.Detect(beginning.Buffer, beginning.IsCompleted);
                pipe.AdvanceTo(beginning.Buffer.Start, format is null ? beginning.Buffer.End : beginning.Buffer.Start);
            }

            return format is ManifestFormat.Json
                ? await ReadJsonAsync(pipe, mostBytes, cancellation)
                : await ReadLinesAsync(pipe, mostBytes, cancellation);
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    internal static bool HasDefaultModel(ObjectReader root) =>
        root.Any("defaults") is { } defaults
        && (defaults.ValueKind != JsonValueKind.Object || defaults.TryGetProperty("model", out _));

    /// <summary>Everything but the jobs.</summary>
    internal static Manifest Header(ObjectReader root, JobsReader jobs, ProblemList problems, Nearest nearest)
    {
        root.Text("$schema");
        var matrix = MatrixReader.Read(root, problems);
        return new()
        {
            Version = root.Integer("version", 1, 1) ?? 1,
            Id = HeaderReader.Id(root, problems),
            Name = HeaderReader.Name(root, problems),
            Tags = HeaderReader.Tags(root, problems),
            Defaults = jobs.Defaults(root),
            Matrix = matrix.Variables,
            MatrixInclude = matrix.Include,
            MatrixExclude = matrix.Exclude,
            Policy = PolicyReader.Read(root, problems, nearest),
            Notify = NotifyReader.Read(root, problems, nearest),
        };
    }

    private static async Task<ManifestReading> ReadJsonAsync(PipeReader pipe, long mostBytes, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await pipe.ReadAsync(cancellation);
            if (read.Buffer.Length > mostBytes)
                return TooLarge(mostBytes);
            if (read.IsCompleted)
                return ReadJson(read.Buffer.ToArray(), mostBytes);
            pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static async Task<ManifestReading> ReadLinesAsync(PipeReader pipe, long mostBytes, CancellationToken cancellation)
    {
        using var lines = new JsonLinesReading();
        var taken = 0L;
        while (true)
        {
            var read = await pipe.ReadAsync(cancellation);
            var text = taken == 0 ? JsonLines.WithoutMark(read.Buffer) : read.Buffer;
            while (lines.IsWithinLimits && JsonLines.TryTake(ref text, read.IsCompleted, out var line))
                lines.Take(line);
            if (text.Length > ManifestLimits.MaxLineBytes)
            {
                // A line without end must not grow without end: it is told, and nothing behind it is read.
                lines.Take(text);
                return lines.Finish();
            }

            taken += read.Buffer.Length - text.Length;
            if (taken > mostBytes)
                return TooLarge(mostBytes);
            if (read.IsCompleted || !lines.IsWithinLimits)
                return lines.Finish();
            pipe.AdvanceTo(text.Start, text.End);
        }
    }

    private static ManifestReading ReadJson(ReadOnlyMemory<byte> utf8, long mostBytes)
    {
        if (utf8.Length > mostBytes)
            return TooLarge(mostBytes);
        var problems = new ProblemList();
        var text = JsonLines.WithoutMark(new(utf8)).FirstSpan;
        if (!JsonText.Check(text, problems))
            return new(null, problems.ToList());

        var element = JsonElement.Parse(text);
        var manifest = Understand(element, problems);
        return new(manifest, problems.ToList()) { Hash = problems.IsEmpty ? ManifestHash.Of(element) : "" };
    }

    private static Manifest? Understand(JsonElement element, ProblemList problems)
    {
        if (ForeignJson.Refuse(element, problems))
            return null;
        var nearest = new Nearest();
        if (ObjectReader.Open(element, "", ManifestFields.Root, problems, nearest) is not { } root)
            return null;
        var jobs = new JobsReader(problems, nearest, hasDefaultModel: HasDefaultModel(root));
        return Header(root, jobs, problems, nearest) with { Jobs = jobs.Read(root) };
    }

    private static ManifestReading TooLarge(long mostBytes)
    {
        var problems = new ProblemList();
        problems.Add(
            ProblemCodes.TooLarge, "", null, $"at most {mostBytes} bytes", "The manifest is too large.");
        return new(null, problems.ToList());
    }
}
