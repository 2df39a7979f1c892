using System.Text;
using System.Text.Json;
using Clipia;

namespace ClipiaFlows.Production;

/// <summary>The output object of a finished generation, as a row keeps it for copying and for the jobs that refer to it.</summary>
internal static class GeneratedOutput
{
    // A text column takes 32,768 characters.
    private const int LongestColumn = 30_000;

    private static readonly string[] OfAFile = ["url", "original_url", "width", "height", "duration"];

    /// <summary>The output as it came; when it is too long for a column, only its files, each in its place.</summary>
    public static string Storable(JsonElement output)
    {
        var text = output.GetRawText();
        if (text.Length <= LongestColumn)
            return text;

        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            var places = MediaFiles.Places(output).Select(place => place.Place).ToList();
            json.WriteStartObject();
            foreach (var member in output.EnumerateObject().Where(member => places.Exists(place => IsOf(place, member.Name))))
            {
                json.WritePropertyName(member.Name);
                WriteShort(json, member.Value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static bool IsOf(string place, string name) =>
        place.StartsWith(name, StringComparison.Ordinal) && (place.Length == name.Length || place[name.Length] == '[');

    private static void WriteShort(Utf8JsonWriter json, JsonElement place)
    {
        switch (place.ValueKind)
        {
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var entry in place.EnumerateArray())
                    WriteShort(json, entry);
                json.WriteEndArray();
                break;
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in place.EnumerateObject().Where(member => OfAFile.Contains(member.Name)))
                    member.WriteTo(json);
                json.WriteEndObject();
                break;
            default:
                place.WriteTo(json);
                break;
        }
    }
}
