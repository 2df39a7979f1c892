using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ClipiaFlows.Cli.Api;

/// <summary>Reads what the app at an address answers. What no app of this version would say is a <see cref="CommandFailure"/>.</summary>
internal sealed class Answers(Uri root, TimeSpan readTimeout)
{
    /// <summary>More than the files of a batch about itself and its largest output have together.</summary>
    public const long MaxBytes = 16L * 1024 * 1024 * 1024;

    private const long MaxJsonBytes = 256 * 1024 * 1024;
    private const long MaxLinesBytes = 1024 * 1024 * 1024;
    private const long MaxRefusalBytes = 16 * 1024 * 1024;
    private const int MaxLineBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan WholeTimeout = TimeSpan.FromSeconds(100);

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RequireWhatIsNeverNull, RefuseNullEntries } },
    };

    /// <summary>The whole answer.</summary>
    public async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(WholeTimeout);
        try
        {
            await using var body = await BodyOfAsync(response, MaxJsonBytes, cancellation);
            return await JsonSerializer.DeserializeAsync<JsonElement>(body, Strict, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Unread(new BodyException($"took longer than {WholeTimeout.TotalSeconds:0} seconds"));
        }
        catch (JsonException notJson)
        {
            throw Foreign(notJson);
        }
        catch (BodyException broken)
        {
            throw Unread(broken);
        }
    }

    /// <summary>The lines of an answer, each of them JSON, as they come.</summary>
    public async IAsyncEnumerable<JsonElement> ReadLinesAsync(
        HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var body = PipeReader.Create(await BodyOfAsync(response, MaxLinesBytes, cancellation));
        long searched = 0;
        while (true)
        {
            var read = await ReadAsync(body, cancellation);
            var rest = read.Buffer;
            // What was searched before is not searched again: a long line may come in many small pieces.
            while (rest.Slice(searched).PositionOf((byte)'\n') is { } end)
            {
                searched = 0;
                if (ParseLine(rest.Slice(0, end)) is { } line)
                    yield return line;
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            if (rest.Length > MaxLineBytes)
                throw Foreign(null);
            if (read.IsCompleted)
            {
                if (ParseLine(rest) is { } last)
                    yield return last;
                break;
            }

            searched = rest.Length;
            body.AdvanceTo(rest.Start, rest.End);
        }

        await body.CompleteAsync();
    }

    /// <summary>A part of an answer that says what is wrong; what is longer is no such answer.</summary>
    public async Task<string> ReadRefusalAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(WholeTimeout);
        try
        {
            using var text = new MemoryStream();
            await using var body = await BodyOfAsync(response, MaxRefusalBytes, cancellation);
            await body.CopyToAsync(text, limit.Token);
            return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
        }
        catch (Exception unread) when (unread is BodyException || (unread is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return "";
        }
    }

    /// <summary>The body, which ends with an exception instead of never.</summary>
    public async Task<BoundedBody> BodyOfAsync(HttpResponseMessage response, long maxBytes, CancellationToken cancellation) =>
        new(await response.Content.ReadAsStreamAsync(cancellation), maxBytes, readTimeout);

    /// <summary>An answer, or a part of one, as that type.</summary>
    public T As<T>(JsonElement raw) where T : class
    {
        try
        {
            return raw.Deserialize<T>(Strict) ?? throw Foreign(null);
        }
        catch (JsonException other)
        {
            throw Foreign(other);
        }
    }

    /// <summary>The entries of a page, and where the next page begins; <c>null</c> after the last.</summary>
    /// <param name="page">The answer.</param>
    /// <param name="member">The name under which it holds its entries.</param>
    public (IEnumerable<JsonElement> Entries, string? Continuation) PageOf(JsonElement page, string member) =>
        page.ValueKind is JsonValueKind.Object
        && page.TryGetProperty(member, out var entries) && entries.ValueKind is JsonValueKind.Array
        && page.TryGetProperty("continuation", out var next) && next.ValueKind is JsonValueKind.String or JsonValueKind.Null
            ? (entries.EnumerateArray(), As<Continuation>(page).Value)
            : throw Foreign(null);

    private async Task<ReadResult> ReadAsync(PipeReader body, CancellationToken cancellation)
    {
        try
        {
            return await body.ReadAsync(cancellation);
        }
        catch (BodyException broken)
        {
            throw Unread(broken);
        }
    }

    private JsonElement? ParseLine(in ReadOnlySequence<byte> line)
    {
        if (line.IsEmpty || (line.Length == 1 && line.FirstSpan[0] == '\r'))
            return null;
        try
        {
            var reader = new Utf8JsonReader(line);
            var parsed = JsonElement.ParseValue(ref reader);
            return reader.Read() ? throw Foreign(null) : parsed;
        }
        catch (JsonException notJson)
        {
            throw Foreign(notJson);
        }
    }

    /// <summary>No app of this version says that.</summary>
    public CommandFailure Foreign(Exception? inner) =>
        new($"What answers at {root} is not a ClipiaFlows app of this version.", ExitCodes.NotReachable, inner);

    private CommandFailure Unread(BodyException broken) =>
        new($"The answer of {root} {broken.Message}.", ExitCodes.NotReachable, broken);

    private static void RefuseNullEntries(JsonTypeInfo type)
    {
        if (type.Kind is not JsonTypeInfoKind.Object)
            return;
        var lists = type.Properties.Where(member => typeof(IReadOnlyList<object>).IsAssignableFrom(member.PropertyType) && member.Get is not null).ToList();
        if (lists.Count == 0)
            return;
        type.OnDeserialized = read =>
        {
            if (lists.Find(member => member.Get!(read) is IEnumerable<object?> entries && entries.Contains(null)) is { } list)
                throw new JsonException($"'{list.Name}' holds null.");
        };
    }

    // By itself the serializer gives null to a parameter that is missing, whatever its type says.
    private static void RequireWhatIsNeverNull(JsonTypeInfo type)
    {
        foreach (var member in type.Properties)
        {
            if (member.AssociatedParameter is { IsNullable: false, ParameterType.IsValueType: false })
                member.IsRequired = true;
        }
    }

    // Read as all else is: text that is no Unicode is refused, not thrown as a bug.
    private sealed record Continuation([property: JsonPropertyName("continuation")] string? Value = null);
}
