using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ClipiaFlows.Cli.Api;

/// <summary>Reads what the app at an address answers. What no app of this version would say is a <see cref="CommandFailure"/>.</summary>
internal sealed class Answers(Uri root)
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RequireWhatIsNeverNull } },
    };

    /// <summary>The whole answer.</summary>
    public async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            return await JsonSerializer.DeserializeAsync<JsonElement>(body, Strict, cancellation);
        }
        catch (JsonException notJson)
        {
            throw Foreign(notJson);
        }
        catch (IOException broken)
        {
            throw CutOff(broken);
        }
    }

    /// <summary>The lines of an answer, each of them JSON, as they come.</summary>
    public async IAsyncEnumerable<JsonElement> ReadLinesAsync(HttpResponseMessage response)
    {
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await ReadLineAsync(lines) is { } line)
        {
            if (line.Length > 0)
                yield return Parse(line);
        }
    }

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
            ? (entries.EnumerateArray(), next.GetString())
            : throw Foreign(null);

    private async Task<string?> ReadLineAsync(StreamReader lines)
    {
        try
        {
            return await lines.ReadLineAsync();
        }
        catch (IOException broken)
        {
            throw CutOff(broken);
        }
    }

    private JsonElement Parse(string line)
    {
        try
        {
            return JsonElement.Parse(line);
        }
        catch (JsonException notJson)
        {
            throw Foreign(notJson);
        }
    }

    /// <summary>No app of this version says that.</summary>
    public CommandFailure Foreign(Exception? inner) =>
        new($"What answers at {root} is not a ClipiaFlows app of this version.", ExitCodes.NotReachable, inner);

    private CommandFailure CutOff(IOException broken) =>
        new($"The answer of {root} was cut off.", ExitCodes.NotReachable, broken);

    // By itself the serializer gives null to a parameter that is missing, whatever its type says.
    private static void RequireWhatIsNeverNull(JsonTypeInfo type)
    {
        foreach (var member in type.Properties)
        {
            if (member.AssociatedParameter is { IsNullable: false, ParameterType.IsValueType: false })
                member.IsRequired = true;
        }
    }
}
