using System.CommandLine;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace ClipiaFlows.Cli.Api;

/// <summary>A manifest, read once: a pipe gives its text only once, and a file may change between the plan and the start.</summary>
internal sealed class ManifestFile
{
    /// <summary>What a request of the app takes.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    private const string StandardInput = "-";
    private const int LongestName = 28;
    private static readonly string[] PathsOfStandardInput = ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"];

    private readonly byte[] _text;
    private readonly string? _extension;

    private ManifestFile(byte[] text, string name, string? extension, bool isStandardInput) =>
        (_text, Name, _extension, IsStandardInput) = (text, name, extension, isStandardInput);

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>True when its text came from standard input, so that no answer can be read there any more.</summary>
    public bool IsStandardInput { get; }

    public static Argument<string> CreateArgument()
    {
        var argument = new Argument<string>("manifest")
        {
            Description = "The manifest file (JSON, or JSON Lines named .jsonl); - reads standard input.",
        };
        argument.Validators.Add(result => Check(result.Tokens is [var token, ..] ? token.Value : null, result.AddError));
        return argument;
    }

    public static Option<string?> CreateOption(string description)
    {
        var option = new Option<string?>("--manifest") { Description = description, HelpName = "FILE" };
        option.Validators.Add(result => Check(result.Tokens is [var token, ..] ? token.Value : null, result.AddError));
        return option;
    }

    /// <exception cref="CommandFailure">It cannot be read, or is larger than the app takes.</exception>
    public static async Task<ManifestFile> ReadAsync(string path, CancellationToken cancellation)
    {
        var isStandardInput = path == StandardInput || PathsOfStandardInput.Contains(path, StringComparer.Ordinal);
        var name = isStandardInput ? "standard input" : Path.GetFileName(path);
        var place = isStandardInput ? "Standard input" : path;
        try
        {
            // A pipe is opened once somebody writes to it; until then, Ctrl-C must end the command.
            await using var stream = isStandardInput
                ? Console.OpenStandardInput()
                : await Task.Run(() => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), CancellationToken.None).WaitAsync(cancellation);
            var text = await ReadAsync(stream, cancellation)
                ?? throw new CommandFailure($"{place} is larger than the {MaxBytes / 1024 / 1024} MB that a manifest may have; split it into several batches.");
            return new ManifestFile(text, name, stream is FileStream { CanSeek: true } ? Path.GetExtension(path).ToLowerInvariant() : null, isStandardInput);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"{place} cannot be read: {unreadable.Message}", inner: unreadable);
        }
    }

    /// <summary>A new id for a batch of this file, by which people recognize it. The manifest's own id, if it has one, counts more.</summary>
    public string NewBatchId()
    {
        // The name of a pipe, such as /dev/fd/63, says nothing.
        var letters = (_extension is null ? "" : Path.GetFileNameWithoutExtension(Name)).ToLowerInvariant()
            .Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-');
        var name = string.Join('-', string.Concat(letters).Split('-', StringSplitOptions.RemoveEmptyEntries));
        name = name.Length > LongestName ? name[..LongestName].TrimEnd('-') : name;
        return $"{(name.Length == 0 ? "batch" : name)}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
    }

    /// <summary>The text as a request's body; a new one for each request.</summary>
    public HttpContent Content()
    {
        var content = new ByteArrayContent(_text);
        content.Headers.ContentType = new MediaTypeHeaderValue(_extension is ".jsonl" or ".ndjson" ? "application/x-ndjson" : "application/json");
        return content;
    }

    private static void Check(string? path, Action<string> refuse)
    {
        if (path is null or StandardInput || File.Exists(path))
            return;
        refuse(Directory.Exists(path) ? $"'{path}' is a folder, not a manifest file." : $"File does not exist: '{path}'.");
    }

    private static async Task<byte[]?> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        using var text = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var length = await Task.Run(() => stream.Read(buffer), CancellationToken.None).WaitAsync(cancellation);
            if (length == 0)
                return text.ToArray();
            if (text.Length + length > MaxBytes)
                return null;
            text.Write(buffer, 0, length);
        }
    }
}
