using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace ClipiaFlows.Manifests;

/// <summary>Checks bytes as JSON text, whatever it means: size, encoding, syntax, depth, strings that are text.</summary>
internal static class JsonText
{
    /// <param name="utf8">The text, or one line of it.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <param name="root">Pointer of the text's root.</param>
    /// <param name="firstLine">Number of the text's first line.</param>
    /// <param name="isManifest">Whether other formats for lists of jobs are named.</param>
    public static bool Check(ReadOnlySpan<byte> utf8, ProblemList problems, string root = "", int firstLine = 1, bool isManifest = true)
    {
        if (ForeignBytes.NameOf(utf8) is { } name)
        {
            problems.Add(ProblemCodes.InvalidUtf8, root, name, "JSON in UTF-8, not compressed", $"This is {name}, not JSON text. Convert it first.");
            return false;
        }

        if (!Utf8.IsValid(utf8))
        {
            var at = FirstInvalid(utf8);
            var (line, column) = Position(utf8, at, firstLine);
            var likely = ForeignBytes.EncodingAt(utf8[at..]) is { } encoding ? $" They look like {encoding}." : "";
            problems.Add(
                ProblemCodes.InvalidUtf8, root, $"line {line}, column {column}", "JSON in UTF-8",
                $"The bytes at line {line}, column {column} are not UTF-8.{likely}");
            return false;
        }

        return CheckSyntax(utf8, problems, root, firstLine, isManifest);
    }

    private static bool CheckSyntax(ReadOnlySpan<byte> utf8, ProblemList problems, string root, int firstLine, bool isManifest)
    {
        var path = new JsonPath();
        var sound = true;
        var unreadable = 0;
        // A job in a line of its own stands two levels higher than in an array of jobs.
        var deepest = ManifestLimits.MaxDepth - (root.Length == 0 ? 0 : 2);
        // One level more than allowed, so that being too deep is told as such.
        var reader = new Utf8JsonReader(utf8, new() { MaxDepth = deepest + 1 });
        try
        {
            while (reader.Read())
            {
                path.Move(ref reader);
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray
                    && reader.CurrentDepth == deepest)
                {
                    problems.Add(
                        ProblemCodes.TooDeep, root + path.Pointer(utf8), null, $"at most {ManifestLimits.MaxDepth} levels",
                        "Objects and arrays are nested too deeply.");
                    return false;
                }

                if (!IsText(ref reader))
                {
                    sound = false;
                    // Finding each costs an exception, and no more than these are listed.
                    if (++unreadable > ManifestLimits.MaxProblems)
                        return false;
                    problems.Add(
                        ProblemCodes.InvalidText, root + path.Pointer(utf8), null, "text: surrogate escapes in pairs",
                        "The string holds half of a surrogate pair (\\uD800 to \\uDFFF).");
                }
            }

            return sound;
        }
        catch (JsonException broken)
        {
            if (isManifest && ForeignText.NameOf(utf8) is var (format, advice))
            {
                problems.Add(
                    ProblemCodes.InvalidJson, root, format, "a manifest in JSON or JSON Lines", $"This is {format}, not JSON: {advice}.");
                return false;
            }

            var offset = OffsetOf(utf8, broken);
            var (line, column) = Position(utf8, offset, firstLine);
            var what = utf8.TrimStart(" \t\r\n"u8).IsEmpty ? "There is no text at all." : JsonSlip.At(utf8, offset, broken.Message) ?? WhatOf(broken);
            problems.Add(
                ProblemCodes.InvalidJson, root + path.Pointer(utf8), $"line {line}, column {column}", "valid JSON",
                $"The JSON is broken at line {line}, column {column}: {what}");
            return false;
        }
    }

    /// <summary>Without the place, which is told apart, and without advice on how to call the reader.</summary>
    private static string WhatOf(JsonException broken) => broken.Message
        .Split(" LineNumber:", 2)[0]
        .Replace(" at the end which is not supported in this mode. Change the reader options.", " at the end.", StringComparison.Ordinal);

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
    private static (int Line, int Column) Position(ReadOnlySpan<byte> utf8, int offset, int firstLine)
    {
        var before = utf8[..offset];
        var line = before.Count((byte)'\n') + firstLine;
        return (line, Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1);
    }
}
