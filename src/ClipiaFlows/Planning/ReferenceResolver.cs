using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ClipiaFlows.Planning;

/// <summary>Writes a planned input again with outputs in the place of references.</summary>
internal sealed class ReferenceResolver(Func<string, JsonElement> output)
{
    private string? _failure;

    public ReferenceResolution Resolve(JsonElement input)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(input, writer);
        return _failure is null ? new(JsonElement.Parse(buffer.WrittenSpan), null) : new(default, _failure);
    }

    private void Write(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Write(member.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Write(item, writer);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                WriteText(element.GetString()!, writer);
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private void WriteText(string text, Utf8JsonWriter writer)
    {
        var parts = PlannedText.Split(text);
        if (parts is [{ Reference: { } whole }])
        {
            if (Find(whole) is { } value)
                value.WriteTo(writer);
            else
                writer.WriteNullValue();
            return;
        }

        var joined = new StringBuilder();
        foreach (var part in parts)
            joined.Append(part.Reference is null ? part.Text : AsText(part.Reference));
        writer.WriteStringValue(joined.ToString());
    }

    private string AsText(OutputReference reference)
    {
        if (Find(reference) is not { } value)
            return "";
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return value.GetString()!;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                return value.GetRawText();
            default:
                Fail(reference, "it is no text, number or boolean, and text stands around it");
                return "";
        }
    }

    private JsonElement? Find(OutputReference reference)
    {
        var at = output(reference.JobId);
        if (at.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return Fail(reference, "the job has no output");

        var steps = reference.Path.Split(['.', '[', ']'], StringSplitOptions.RemoveEmptyEntries);
        var isIndex = reference.Path.Where(c => c is '.' or '[').Select(c => c == '[').ToList();
        for (var i = 0; i < steps.Length; i++)
        {
            var next = isIndex[i] ? Item(at, steps[i]) : Member(at, steps[i]);
            if (next is null)
                return Fail(reference, $"the output has no '{steps[i]}' there");
            at = next.Value;
        }

        return at.ValueKind == JsonValueKind.Null ? Fail(reference, "it is null") : at;
    }

    private static JsonElement? Item(JsonElement array, string step)
    {
        var index = int.Parse(step, CultureInfo.InvariantCulture);
        return array.ValueKind == JsonValueKind.Array && index < array.GetArrayLength() ? array[index] : null;
    }

    private static JsonElement? Member(JsonElement owner, string name)
    {
        if (owner.ValueKind != JsonValueKind.Object)
            return null;
        if (name == "url"
            && owner.TryGetProperty("original_url", out var original)
            && original is { ValueKind: JsonValueKind.String }
            && original.GetString()!.Length > 0)
            return original;
        return owner.TryGetProperty(name, out var value) ? value : null;
    }

    private JsonElement? Fail(OutputReference reference, string reason)
    {
        _failure ??= $"{reference}: {reason}.";
        return null;
    }
}
