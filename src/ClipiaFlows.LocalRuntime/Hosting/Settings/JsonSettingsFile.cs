using System.Text.Json;
using ClipiaFlows.LocalRuntime.Hosting.Startup;

namespace ClipiaFlows.LocalRuntime.Hosting.Settings;

/// <summary>Reads a settings file as the genuine tools do: comments and trailing commas are fine.</summary>
internal static class JsonSettingsFile
{
    private static readonly JsonDocumentOptions Lenient =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The object in the file; null when there is no file or when it was reported as a problem.</summary>
    public static JsonElement? Read(string path, Problems problems)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path), Lenient);
            CheckTexts(document.RootElement);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document.RootElement.Clone();
            problems.Add($"{path} must hold a JSON object, found {document.RootElement.ValueKind}.");
        }
        catch (JsonException broken)
        {
            problems.Add(
                $"{path} is not valid JSON at line {broken.LineNumber + 1}, position {broken.BytePositionInLine + 1}: " +
                Reason(broken));
        }
        catch (InvalidOperationException)
        {
            problems.Add($"{path} has an escape that spells half a character, such as \"\\ud800\".");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{path} cannot be read: {unreadable.Message}");
        }

        return null;
    }

    // The parser looks at escapes only when a text is read.
    private static void CheckTexts(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    _ = property.Name;
                    CheckTexts(property.Value);
                }
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                    CheckTexts(item);
                break;
            case JsonValueKind.String:
                _ = value.GetString();
                break;
        }
    }

    // The message ends with the position, counted from zero; it has been told already, counted as editors do.
    private static string Reason(JsonException broken) => broken.Message.Split(" LineNumber:")[0];
}
