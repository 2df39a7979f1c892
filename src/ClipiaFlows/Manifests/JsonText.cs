using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace ClipiaFlows.Manifests;

/// <summary>Checks bytes as JSON text, whatever it means: size, encoding, syntax, depth, strings that are text.</summary>
internal static class JsonText
{
    public static bool Check(ReadOnlySpan<byte> utf8, ProblemList problems)
    {
        if (utf8.Length > ManifestLimits.MaxBytes)
        {
            problems.Add(
                ProblemCodes.TooLarge, "", $"{utf8.Length} bytes", $"at most {ManifestLimits.MaxBytes} bytes",
                "The manifest is larger than 64 MB.");
            return false;
        }

        if (!Utf8.IsValid(utf8))
        {
            var (line, column) = Position(utf8, FirstInvalid(utf8));
            problems.Add(
                ProblemCodes.InvalidUtf8, "", $"line {line}, column {column}", "JSON in UTF-8",
                $"The bytes at line {line}, column {column} are not UTF-8.");
            return false;
        }

        return CheckSyntax(utf8, problems);
    }

    private static bool CheckSyntax(ReadOnlySpan<byte> utf8, ProblemList problems)
    {
        var path = new JsonPath();
        var sound = true;
        // One level more than allowed, so that being too deep is told as such.
        var reader = new Utf8JsonReader(utf8, new() { MaxDepth = ManifestLimits.MaxDepth + 1 });
        try
        {
            while (reader.Read())
            {
                path.Move(ref reader);
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray
                    && reader.CurrentDepth == ManifestLimits.MaxDepth)
                {
                    problems.Add(
                        ProblemCodes.TooDeep, path.Pointer(utf8), null, $"at most {ManifestLimits.MaxDepth} levels",
                        "Objects and arrays are nested too deeply.");
                    return false;
                }

                if (!IsText(ref reader))
                {
                    sound = false;
                    problems.Add(
                        ProblemCodes.InvalidText, path.Pointer(utf8), null, "text: surrogate escapes in pairs",
                        "The string holds half of a surrogate pair (\\uD800 to \\uDFFF).");
                }
            }

            return sound;
        }
        catch (JsonException broken)
        {
            var (line, column) = Position(utf8, OffsetOf(utf8, broken));
            var what = broken.Message.Split(" LineNumber:", 2)[0];
            problems.Add(
                ProblemCodes.InvalidJson, path.Pointer(utf8), $"line {line}, column {column}", "valid JSON",
                $"Not valid JSON at line {line}, column {column}: {what}");
            return false;
        }
    }

    private static bool IsText(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped)
            return true;
        try
        {
            reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static int FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(utf8[at..], out _, out var length) == System.Buffers.OperationStatus.Done)
            at += length;
        return at;
    }

    private static int OffsetOf(ReadOnlySpan<byte> utf8, JsonException broken)
    {
        var start = 0;
        for (var line = broken.LineNumber ?? 0; line > 0; line--)
            start += utf8[start..].IndexOf((byte)'\n') + 1;
        return (int)Math.Min(start + (broken.BytePositionInLine ?? 0), utf8.Length);
    }

    /// <summary>Line and column as an editor counts them, from 1, in characters.</summary>
    private static (int Line, int Column) Position(ReadOnlySpan<byte> utf8, int offset)
    {
        var before = utf8[..offset];
        var line = before.Count((byte)'\n') + 1;
        return (line, Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1);
    }
}
