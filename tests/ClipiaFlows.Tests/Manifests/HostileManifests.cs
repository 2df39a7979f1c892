using System.Globalization;
using System.Text;

namespace ClipiaFlows.Tests.Manifests;

/// <summary>Manifests that somebody wrote to do harm: the code and the pointer that each is refused with.</summary>
internal static class HostileManifests
{
    /// <summary>Invisible, misleading and look-alike text: an override, a zero-width space, an accent of its own, a Cyrillic a …</summary>
    private static readonly string[] Disguises =
        ["a\u202Egnp", "a\u2066b\u2069", "a\u200Bb", "a\u200Db", "a\uFEFFb", "a\u00ADb", "e\u0301", "\u00E9", "\u0430", "\uFF41", "\u212A", "a\U000E0041", "\U0001F375", "a\u2028b"];

    /// <summary>What of that paths may have: letters of every script, in whatever form; pictures become hyphens.</summary>
    private static readonly string[] FineInPaths = ["e\u0301", "\u00E9", "\u0430", "\u212A", "\U0001F375"];

    private static readonly string[] Climbs =
    [
        // Upwards, plainly and hidden.
        "..", ".", "../x.png", "a/../../x.png", "a/..", "./x.png", "a/./x.png", "...", ".../x.png", "a/.. /x.png", "a/..\u00A0/x.png",
        @"..\x.png", @"a\..\x.png", @"..\/x.png", "..//x.png", "....//x.png",
        "%2e%2e/x.png", "%2e%2e%2fx.png", "..%2fx.png", "..%5cx.png", "%252e%252e/x.png", "..%c0%afx.png", "%c0%ae%c0%ae/x.png", "..%u2215x.png",
        "\u2024\u2024/x.png", "\uFF0E\uFF0E/x.png", "..\uFF0Fx.png", "..\uFF3Cx.png", "\u2025/x.png", "\u2026/x.png",
        // Somewhere else.
        "/etc/passwd", "//server/share/x.png", @"\\server\share\x.png", "C:/x.png", "C:x.png", @"C:\x.png", @"\\?\C:\x.png", "file:///etc/passwd",
        // Names that a disk takes for something else.
        "x.png.", "x.png ", " /x.png", "a /x.png", "a./x.png", "x.png::$DATA", "x.png:stream", "con", "CON.png", "con.tar.png", "aux/x.png", "nul .png", "PRN", "com1.png", "COM9/x.png",
        "lpt1.png", "com0.png", "LPT0.png", "a/nul", "x\0.png", "x.png\0", "x\n.png", "x\t.png", "x\u0085.png", "x\u007F.png",
        // The batch's own files, and what is no name at all.
        "Gallery.HTML", "results.jsonl", "RESULTS.CSV", "errors.jsonl", "summary.json", "index.html", "", "a//x.png", "a/", "/",
    ];

    public static readonly IReadOnlyList<(string Code, string Pointer, string Manifest)> All =
    [
        .. Climbs.Select(path => (path.Length == 0 ? "bad_value" : "bad_path", "/jobs/0/output/path", Job($$$"""{"id":"a","output":{"path":{{{Quoted(path)}}}}}"""))),
        .. Disguises.SelectMany(Disguised),
        .. Collisions,
        .. Bombs,
    ];

    /// <summary>In every place where text becomes a name.</summary>
    private static IEnumerable<(string, string, string)> Disguised(string text)
    {
        var quoted = Quoted(text);
        yield return ("bad_id", "/jobs/0/id", Job($$"""{"id":{{quoted}}}"""));
        if (!FineInPaths.Contains(text))
            yield return ("bad_path", "/jobs/0/output/path", Job($$$"""{"id":"a","output":{"path":{{{Quoted(text + ".png")}}}}}"""));
        yield return ("bad_value", "/id", $$"""{"id":{{Quoted("abc" + text)}},"jobs":[{"id":"a","model":"nano-banana-2"}]}""");
        yield return ("unknown_model", "/jobs/0/model", Job($$"""{"id":"a","model":{{Quoted("nano-banana-2" + text)}}}"""));
        yield return ("missing_dependency", "/jobs/0/needs/0", Job($$"""{"id":"a","needs":[{{quoted}}]}"""));
    }

    /// <summary>Names that are different here and the same on a disk or to the eye.</summary>
    private static IEnumerable<(string, string, string)> Collisions =>
    [
        ("path_collision", "/jobs/1/output/path", Job("""{"id":"a","output":{"path":"Tea/a.png"}},{"id":"b","output":{"path":"tEA/A.PNG"}}""")),
        ("path_collision", "/jobs/0/output/path", Job("""{"id":"a","output":{"path":"tea"}},{"id":"b","output":{"path":"TEA/x.png"}}""")),
        ("path_collision", "/jobs/1/output/path", Job("""{"id":"a","output":{"path":"a-2.png"}},{"id":"b","input":{"num_images":2},"output":{"path":"A.{{ext}}"}}""")),
        ("duplicate_id", "/jobs/1/id", Job("""{"id":"Still","output":{"path":"x.{{ext}}"}},{"id":"sTILL"}""")),
        // Composed and decomposed.
        ("duplicate_value", "/matrix/x/1", Job("""{"id":"a-{{x}}"}""", "\"x\":[\"\u00FC\",\"u\u0308\"]")),
        ("path_collision", "/jobs/1/output/path", Job("{\"id\":\"a\",\"output\":{\"path\":\"\u00FC.png\"}},{\"id\":\"b\",\"output\":{\"path\":\"U\u0308.png\"}}")),
        ("bad_value", "/matrix/t\u0435a", Job("""{"id":"a"}""", "\"t\u0435a\":[\"x\"]")),
        ("reserved_name", "/matrix/BATCH", Job("""{"id":"a"}""", "\"BATCH\":[\"x\"]")),
        ("unknown_field", "/jobs/0/mod\u0435l", Job("{\"id\":\"a\",\"mod\u0435l\":\"nano-banana-2\"}")),
        ("bad_value", "/name", "{\"name\":\"a\\u202Egnp.exe\",\"jobs\":[{\"id\":\"a\",\"model\":\"nano-banana-2\"}]}"),
        ("bad_value", "/name", "{\"name\":\"a\\u2067b\",\"jobs\":[{\"id\":\"a\",\"model\":\"nano-banana-2\"}]}"),
        ("bad_value", "/name", "{\"name\":\"a\\u2028b\",\"jobs\":[{\"id\":\"a\",\"model\":\"nano-banana-2\"}]}"),
        ("bad_value", "/tags/t", "{\"tags\":{\"t\":\"\\u001b[2J\"},\"jobs\":[{\"id\":\"a\",\"model\":\"nano-banana-2\"}]}"),
        ("bad_value", "/tags/t", "{\"tags\":{\"t\":\"a\\u202Eb\"},\"jobs\":[{\"id\":\"a\",\"model\":\"nano-banana-2\"}]}"),
    ];

    /// <summary>Little text that would become much.</summary>
    private static IEnumerable<(string, string, string)> Bombs =>
    [
        ("too_many_jobs", "/jobs/0", Job("""{"id":"a-{{a}}{{b}}{{c}}{{d}}{{e}}{{f}}"}""", Variables("abcdef", 10))),
        // More combinations than 64 bits count.
        ("too_many_jobs", "/jobs/0", Job($$"""{"id":"a-{{string.Concat("abcdefghijklmnopqrstuvwxyz".Select(name => $"{{{{{name}}}}}"))}}"}""", Variables("abcdefghijklmnopqrstuvwxyz", 50))),
        ("too_many_jobs", "/jobs/100", Job(string.Join(',', Enumerable.Range(0, 200).Select(n => $$"""{"id":"a{{n}}","count":1000}""")))),
        ("too_large", "/jobs/0/input/x", Job($$$"""{"id":"a-{{x}}","input":{"x":"{{{string.Concat(Enumerable.Repeat("{{x}}", 300))}}}"}}""", $"\"x\":[\"{new string('x', 1000)}\"]")),
        ("too_deep", "/jobs/0/input/x" + string.Concat(Enumerable.Repeat("/0", 60)), Job($$$"""{"id":"a","input":{"x":{{{new string('[', 10_000)}}}{{{new string(']', 10_000)}}}}}""")),
        ("too_deep", string.Concat(Enumerable.Repeat("/0", 64)), new string('[', 10_000)),
        ("too_deep", string.Concat(Enumerable.Repeat("/a", 64)), string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000)),
        ("too_many_problems", "", $$"""{"jobs":[{{string.Join(',', Enumerable.Range(0, 20_000).Select(n => $$$"""{"id":"j{{{n % 10_000}}}","model":"mystery"}"""))}}]}"""),
        ("bad_value", "/policy/budgetCredits", $$"""{"policy":{"budgetCredits":1{{new string('0', 100_000)}}},"jobs":[{"id":"a","model":"nano-banana-2"}]}"""),
        ("bad_id", "/jobs/0/id", Job($$"""{"id":"{{new string('a', 1_000_000)}}"}""")),
        ("bad_path", "/jobs/0/output/path", Job($$$"""{"id":"a","output":{"path":"{{{new string('a', 1_000_000)}}}"}}""")),
        ("bad_template", "/jobs/0/input/x", Job($$$"""{"id":"a","input":{"x":"{{{string.Concat(Enumerable.Repeat("{{", 50_000))}}}"}}""")),
    ];

    private static string Job(string jobs, string matrix = "") =>
        $$$"""{"defaults":{"model":"nano-banana-2","input":{"prompt":"p"}},"matrix":{ {{{matrix}}} },"jobs":[{{{jobs}}}]}""";

    private static string Variables(string names, int values) => string.Join(',', names.Select(name =>
        $"\"{name}\":[{string.Join(',', Enumerable.Range(0, values).Select(n => n.ToString(CultureInfo.InvariantCulture)))}]"));

    /// <summary>A JSON string with everything but plain characters escaped.</summary>
    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var unit in text)
            _ = unit is >= ' ' and < '\u007F' and not ('"' or '\\') ? quoted.Append(unit) : quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        return quoted.Append('"').ToString();
    }
}
