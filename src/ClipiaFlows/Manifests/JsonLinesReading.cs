using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace ClipiaFlows.Manifests;

/// <summary>Reads a manifest line by line, so that no more than one line is held as text.</summary>
internal sealed class JsonLinesReading : IDisposable
{
    // What only the header has: by these it is told from a job.
    private static readonly string[] HeaderOnly = [.. ManifestFields.Header.Except(ManifestFields.Job)];

    private readonly ProblemList _problems = new();
    private readonly Nearest _nearest = new();
    private readonly ManifestHash _hash = new();
    private readonly List<ManifestJob> _jobs = [];
    private readonly List<int> _jobLines = [];
    private Manifest? _header;
    private JobsReader? _reader;
    private int _line;
    private int _headerLine;

    /// <summary>False once there are more lines than a batch may have jobs, or they are no text; that is told.</summary>
    public bool IsWithinLimits { get; private set; } = true;

    public void Take(ReadOnlySequence<byte> line)
    {
        _line++;
        if (!IsWithinLimits || JsonLines.IsBlank(line))
            return;
        var isFirst = _header is null;
        var pointer = isFirst ? "" : JsonPointer.Child("/jobs", _jobLines.Count);
        if (line.Length > ManifestLimits.MaxLineBytes)
            TakeTooLong(line.Length, isFirst, pointer);
        else
            Take(line.IsSingleSegment ? line.FirstSpan : line.ToArray(), isFirst, pointer);
    }

    public ManifestReading Finish()
    {
        if (_jobLines.Count == 0 && IsWithinLimits)
            _problems.Add(ProblemCodes.BadValue, "/jobs", null, "at least one line with a job", "There are no jobs.");
        var reading = new ManifestReading((_header ?? new()) with { Jobs = _jobs }, [])
        {
            Format = ManifestFormat.JsonLines,
            Hash = _problems.IsEmpty ? _hash.Finish() : "",
            JobLines = _jobLines,
            HeaderLine = _headerLine,
        };
        return reading with { Problems = reading.WithLines(_problems.ToList()) };
    }

    public void Dispose() => _hash.Dispose();

    private void Take(ReadOnlySpan<byte> line, bool isFirst, string pointer)
    {
        var element = JsonText.Check(line, _problems, pointer, _line) ? JsonElement.Parse(line) : default;
        if (element.ValueKind is not JsonValueKind.Undefined)
            _hash.Add(element);
        // Another format is named once, not for each line.
        if (isFirst && (element.ValueKind is JsonValueKind.Undefined ? IsForeign(line) : ForeignJson.Refuse(element, _problems)))
        {
            IsWithinLimits = false;
            _header = new();
            _headerLine = _line;
            return;
        }

        if (isFirst && TakeHeader(element))
            return;

        if (_jobLines.Count == ManifestLimits.MaxJobs)
        {
            IsWithinLimits = false;
            _problems.Add(
                ProblemCodes.TooManyJobs, "/jobs", string.Create(CultureInfo.InvariantCulture, $"line {_line}"),
                $"at most {ManifestLimits.MaxJobs} jobs in a batch", $"With this line the batch passes {ManifestLimits.MaxJobs} jobs.");
            return;
        }

        var at = JsonPointer.Child("/jobs", _jobLines.Count);
        _jobLines.Add(_line);
        if (element.ValueKind is not JsonValueKind.Undefined && _reader!.Read(element, at) is { } job)
            _jobs.Add(job);
    }

    private static bool IsForeign(ReadOnlySpan<byte> line) => ForeignBytes.NameOf(line) is not null || ForeignText.NameOf(line) is not null;

    private void TakeTooLong(long length, bool isFirst, string pointer)
    {
        _problems.Add(
            ProblemCodes.TooLarge, pointer, $"{length} bytes", $"at most {ManifestLimits.MaxLineBytes} bytes in a line",
            $"Line {_line} is too long.");
        if (isFirst)
            TakeHeader(default);
        else
            _jobLines.Add(_line);
    }

    /// <summary>True when the first line was used up: it is the header, or nobody can tell what it is.</summary>
    private bool TakeHeader(JsonElement element)
    {
        var isHeader = element.ValueKind is JsonValueKind.Undefined
            || (element.ValueKind is JsonValueKind.Object && HeaderOnly.Any(name => element.TryGetProperty(name, out _)));
        var root = isHeader && element.ValueKind is JsonValueKind.Object
            ? ObjectReader.Open(element, "", ManifestFields.Header, _problems, _nearest)
            : null;
        _headerLine = isHeader ? _line : 0;
        _reader = new(_problems, _nearest, root is null ? isHeader : ManifestReader.HasDefaultModel(root));
        _header = root is null ? new() : ManifestReader.Header(root, _reader, _problems, _nearest);
        return isHeader;
    }
}
