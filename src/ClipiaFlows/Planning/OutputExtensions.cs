using System.Text.Json;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>Warns of a written extension that is not the one of what a job makes: files keep the name that is written.</summary>
internal sealed class OutputExtensions(WarningList warnings)
{
    // An ending that is none of these may be part of a name, such as "v1.2".
    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        "png", "jpg", "jpeg", "jpe", "jfif", "webp", "gif", "avif", "bmp", "tif", "tiff", "heic", "heif", "jxl", "svg", "ico", "psd",
        "mp4", "m4v", "mov", "webm", "mkv", "avi", "mpg", "mpeg", "wmv", "flv", "ogv", "3gp",
        "mp3", "wav", "ogg", "flac", "aac", "m4a", "opus",
        "txt", "pdf", "json", "html", "zip",
    };

    private static readonly string[] Jpeg = ["jpg", "jpeg"];

    public void Check(Repetition job, string planned, JsonElement input, ModelDescription model)
    {
        var dot = planned.LastIndexOf('.') + 1;
        var written = planned[dot..];
        if (dot == 0 || !Known.Contains(written) || Made(input, model) is not { } made || made.Contains(written, StringComparer.OrdinalIgnoreCase))
            return;
        var template = job.Template.OutputPath;
        warnings.Add(WarningCodes.WrongExtension, $"{model.Slug} {written.ToLowerInvariant()}", () => new(
            WarningCodes.WrongExtension, template.Pointer, Shown.Text(planned),
            $"The path ends with '.{written}' and the model {model.Slug} makes {made[0].ToUpperInvariant()} files, which keep the name that is written.", 1)
        {
            Suggestion = Shown.Text(template.Source.EndsWith(written, StringComparison.Ordinal)
                ? template.Source[..^written.Length] + OutputPathTemplate.Ext
                : planned[..dot] + OutputPathTemplate.Ext),
        });
    }

    /// <summary>The extensions of what a model makes; null when that is not known.</summary>
    private static string[]? Made(JsonElement input, ModelDescription model)
    {
        const string format = "output_format";
        var asked = input.TryGetProperty(format, out var value) && model.Input.ContainsKey(format)
            ? value
            : model.Input.GetValueOrDefault(format)?.Default ?? default;
        if (asked.ValueKind is JsonValueKind.String && asked.GetString()!.ToLowerInvariant() is var word && Known.Contains(word))
            return word is "jpg" or "jpeg" ? Jpeg : [word];
        // clipia-api.md section 3.3: originals are PNG, or MP4.
        return model.Type switch
        {
            "image" => ["png"],
            "video" => ["mp4", "m4v"],
            _ => null,
        };
    }
}
