using System.Text.Json;

namespace Clipia.Emulator;

internal static class EmbeddedJson
{
    public static T Read<T>(string name, JsonSerializerOptions options)
    {
        using var resource = typeof(EmbeddedJson).Assembly.GetManifestResourceStream(name)!;
        return JsonSerializer.Deserialize<T>(resource, options)!;
    }
}
