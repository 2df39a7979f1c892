using System.Text;
using System.Text.Json;
using Clipia;

namespace ClipiaFlows.Production;

/// <summary>The output object of a finished generation, as a row keeps it for copying and for the jobs that refer to it.</summary>
internal static class GeneratedOutput
{
    // A text column takes 32,768 characters; what is kept free is for the places of files that do not fit.
    private const int LongestColumn = 32_000;
    private const int LongestFiles = 30_000;

    private static readonly string[] OfAFile = ["url", "original_url", "width", "height", "duration"];

    /// <summary>
    /// The output as it came; when it is too long for a column, only its files, each in its place. Files that do not fit even
    /// so stand there without their address, and are then reported as missing.
    /// </summary>
    public static string Storable(JsonElement output)
    {
        var text = output.GetRawText();
        return text.Length <= LongestFiles ? text : Encoding.UTF8.GetString(Write(json => WriteFiles(json, output)));
    }

    private static void WriteFiles(Utf8JsonWriter json, JsonElement output)
    {
        var places = MediaFiles.Places(output).Select(place => place.Place).ToList();
        json.WriteStartObject();
        foreach (var member in output.EnumerateObject().Where(member => places.Exists(place => IsOf(place, member.Name))))
        {
            json.WritePropertyName(member.Name);
            if (member.Value.ValueKind is JsonValueKind.Array)
                WriteList(json, member.Value);
            else
                WriteEntry(json, member.Value);
        }

        json.WriteEndObject();
    }

    private static bool IsOf(string place, string name) =>
        place.StartsWith(name, StringComparison.Ordinal) && (place.Length == name.Length || place[name.Length] == '[');

    private static void WriteList(Utf8JsonWriter json, JsonElement list)
    {
        json.WriteStartArray();
        foreach (var entry in list.EnumerateArray().TakeWhile(_ => LengthOf(json) < LongestColumn))
            WriteEntry(json, entry);
        json.WriteEndArray();
    }

    private static void WriteEntry(Utf8JsonWriter json, JsonElement entry)
    {
        var file = Write(alone => WriteFile(alone, entry));
        if (LengthOf(json) + file.Length <= LongestFiles)
            json.WriteRawValue(file);
        else
            json.WriteRawValue("""{"url":""}""");
    }

    private static void WriteFile(Utf8JsonWriter json, JsonElement file)
    {
        if (file.ValueKind is not JsonValueKind.Object)
        {
            file.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        foreach (var member in file.EnumerateObject().Where(member => OfAFile.Contains(member.Name)))
            member.WriteTo(json);
        json.WriteEndObject();
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
            write(json);
        return bytes.ToArray();
    }

    private static long LengthOf(Utf8JsonWriter json) => json.BytesCommitted + json.BytesPending;
}
