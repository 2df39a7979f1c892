namespace ClipiaFlows.Tests.Planning;

/// <summary>Jobs with one wrong thing each: code, pointer, value shown, suggestion, jobs.</summary>
internal static class BrokenMeanings
{
    public const string Matrix = """ "tea": ["Green Tea", "Mint"], "size": [1, 2], "up": ["../x", ".."] """;

    public static readonly (string Code, string Pointer, string? Value, string? Suggestion, string Jobs)[] All =
    [
        // Templates.
        ("unknown_variable", "/jobs/0/id", "{{teaa}}", "{{tea}}", """{"id":"a-{{teaa}}"}"""),
        ("unknown_variable", "/jobs/0/input/prompt", "{{ Tea }}", "{{tea}}", """{"id":"a","input":{"prompt":"a long secret {{ Tea }}"}}"""),
        ("unknown_variable", "/jobs/0/input/list/1/x", "{{nothing}}", null, """{"id":"a","input":{"list":[1,{"x":"{{nothing}}"}]}}"""),
        ("unknown_variable", "/jobs/0/id", "{{job}}", null, """{"id":"a-{{job}}"}"""),
        ("unknown_variable", "/jobs/0/model", "{{model}}", null, """{"id":"a","model":"{{model}}"}"""),
        ("unknown_variable", "/jobs/0/input/x", "{{ext}}", null, """{"id":"a","input":{"x":"{{ext}}"}}"""),
        ("unknown_variable", "/jobs/1/needs/0", "{{output}}", null, """{"id":"a"},{"id":"b","needs":["a{{output}}"]}"""),
        ("unknown_variable", "/jobs/0/output/path", "{{sice}}", "{{size}}", """{"id":"a","output":{"path":"{{sice}}.{{ext}}"}}"""),
        ("bad_template", "/jobs/0/input/x", "{{tea and so on", null, """{"id":"a","input":{"x":"{{tea and so on"}}"""),
        ("bad_template", "/jobs/0/input/x", "{{}}", null, """{"id":"a","input":{"x":"{{}}"}}"""),
        ("bad_template", "/jobs/0/input/x", "{{{tea}}", null, """{"id":"a","input":{"x":"{{{tea}}"}}"""),
        // Ids.
        ("bad_id", "/jobs/0/id", "a b", "a-b", """{"id":"a b"}"""),
        ("bad_id", "/jobs/0/id", "-a", "a", """{"id":"-a"}"""),
        ("bad_id", "/jobs/0/id", "a/1", "a-1", """{"id":"a/{{size}}"}"""),
        ("bad_id", "/jobs/0/id", "..-x", "x", """{"id":"{{up}}"}"""),
        ("duplicate_id", "/jobs/1/id", "a", null, """{"id":"a"},{"id":"a"}"""),
        ("duplicate_id", "/jobs/1/id", "A-1", null, """{"id":"a-{{size}}"},{"id":"A-1","output":{"path":"x.{{ext}}"}}"""),
        // Dependencies and references.
        ("missing_dependency", "/jobs/1/needs/0", "stil", "still", """{"id":"still"},{"id":"b","needs":["stil"]}"""),
        ("missing_dependency", "/jobs/1/needs/1", "A", "a", """{"id":"a"},{"id":"b","needs":["a","A"]}"""),
        ("missing_dependency", "/jobs/0/needs/0", "", null, """{"id":"b","needs":[""]}"""),
        ("missing_dependency", "/jobs/1/needs/0", "a-Mint-3", "a-Mint-1", """{"id":"a-{{tea}}-{{size}}"},{"id":"b","needs":["a-Mint-3"]}"""),
        ("missing_dependency", "/jobs/0/input/x", "nowhere", null, """{"id":"b","input":{"x":"${{ jobs.nowhere.output.images[0].url }}"}}"""),
        ("bad_reference", "/jobs/1/input/x", "a", "a-1", """{"id":"a","count":2},{"id":"b","input":{"x":"${{ jobs.a.output.images[0].url }}"}}"""),
        ("bad_reference", "/jobs/0/input/x", "${{ jobs.a.images }}", null, """{"id":"a","input":{"x":"${{ jobs.a.images }}"}}"""),
        ("bad_reference", "/jobs/0/input/x", "${{ jobs.b.output }}", null, """{"id":"a","input":{"x":"${{ jobs.b.output }}"}}"""),
        ("bad_reference", "/jobs/0/input/x", "${{ env.KEY }}", null, """{"id":"a","input":{"x":"${{ env.KEY }}"}}"""),
        ("bad_template", "/jobs/0/input/x", "${{ jobs.a.output", null, """{"id":"a","input":{"x":"${{ jobs.a.output"}}"""),
        ("unknown_variable", "/jobs/0/input/x", "{{te}}", "{{tea}}", """{"id":"a","input":{"x":"${{ jobs.b-{{te}}.output.video.url }}"}}"""),
        ("bad_reference", "/jobs/0/id", "${{ jobs.b.output.x }}", null, """{"id":"a${{ jobs.b.output.x }}"}"""),
        // Models and inputs.
        ("unknown_model", "/jobs/0/model", "nano-bananna-2", "nano-banana-2", """{"id":"a","model":"nano-bananna-2"}"""),
        ("unknown_model", "/jobs/0/model", "engine-b-1", null, """{"id":"a","model":"engine-{{batch}}"}"""),
        ("input_missing", "/jobs/0/input/prompt", null, null, """{"id":"a","input":{"prompt":null}}"""),
        ("input_missing", "/jobs/0/input/image_url", null, null, """{"id":"a","model":"seedance-2-fast-i2v"}"""),
        ("input_type", "/jobs/0/input/prompt", "5", null, """{"id":"a","input":{"prompt":5}}"""),
        ("input_type", "/jobs/0/input/num_images", "1.5", null, """{"id":"a","input":{"num_images":1.5}}"""),
        ("input_type", "/jobs/0/input/seed", "one", null, """{"id":"a","input":{"seed":"one"}}"""),
        ("input_type", "/jobs/0/input/image_urls", "u", null, """{"id":"a","input":{"image_urls":"u"}}"""),
        ("input_type", "/jobs/1/input/seed", "${{ jobs.a.output.images[0].seed }}", null,
            """{"id":"a"},{"id":"b","input":{"seed":"${{ jobs.a.output.images[0].seed }}"}}"""),
        ("input_value", "/jobs/0/input/resolution", "8K", "1K", """{"id":"a","input":{"resolution":"8K"}}"""),
        ("input_value", "/jobs/0/input/num_images", "5", null, """{"id":"a","input":{"num_images":5}}"""),
        ("input_value", "/jobs/0/input/num_images", "0", null, """{"id":"a","input":{"num_images":0}}"""),
        ("input_value", "/jobs/0/input/image_urls", """["a","b","c"]""", null, """{"id":"a","input":{"image_urls":["a","b","c"]}}"""),
        // Output paths.
        ("bad_path", "/jobs/0/output/path", "../a.png", null, """{"id":"a","output":{"path":"../a.png"}}"""),
        ("bad_path", "/jobs/0/output/path", "/a.png", null, """{"id":"a","output":{"path":"/a.png"}}"""),
        ("bad_path", "/jobs/0/output/path", "a//b.png", null, """{"id":"a","output":{"path":"a//b.png"}}"""),
        ("bad_path", "/jobs/0/output/path", "a/", null, """{"id":"a","output":{"path":"a/"}}"""),
        ("bad_path", "/jobs/0/output/path", "a/./b", null, """{"id":"a","output":{"path":"a/./b"}}"""),
        ("bad_path", "/jobs/0/output/path", @"a\b.png", null, """{"id":"a","output":{"path":"a\\b.png"}}"""),
        ("bad_path", "/jobs/0/output/path", "C:/a.png", null, """{"id":"a","output":{"path":"C:/a.png"}}"""),
        ("bad_path", "/jobs/0/output/path", "https://x/a", null, """{"id":"a","output":{"path":"https://x/a"}}"""),
        ("bad_path", "/jobs/0/output/path", "été.png", null, """{"id":"a","output":{"path":"été.png"}}"""),
        ("bad_path", "/jobs/0/output/path", "a%2e.png", null, """{"id":"a","output":{"path":"a%2e.png"}}"""),
        ("bad_path", "/jobs/0/output/path", "a./b.png", null, """{"id":"a","output":{"path":"a./b.png"}}"""),
        ("bad_path", "/jobs/0/output/path", "a.png ", null, """{"id":"a","output":{"path":"a.png "}}"""),
        ("bad_path", "/jobs/0/output/path", "x/Con.png", null, """{"id":"a","output":{"path":"x/Con.png"}}"""),
        ("bad_path", "/jobs/0/output/path", "lpt1/a.png", null, """{"id":"a","output":{"path":"lpt1/a.png"}}"""),
        ("bad_path", "/jobs/0/output/path", "{{ext}}.", null, """{"id":"a","output":{"path":"{{ext}}."}}"""),
        ("bad_path", "/jobs/0/output/path", "gallery.html", null, """{"id":"a","output":{"path":"gallery.html"}}"""),
        ("path_collision", "/jobs/1/output/path", "x.png", null,
            """{"id":"a","output":{"path":"X.png"}},{"id":"b","output":{"path":"x.png"}}"""),
        ("path_collision", "/jobs/1", "a.{image}", null, """{"id":"b","output":{"path":"a.{{ext}}"}},{"id":"a"}"""),
        ("path_collision", "/jobs/1/output/path", "a.png", null, """{"id":"a"},{"id":"b","output":{"path":"a.png"}}"""),
        ("path_collision", "/jobs/1", "b.{image}", null, """{"id":"a","output":{"path":"b.webp"}},{"id":"b"}"""),
        ("path_collision", "/jobs/1", "a-2.{image}", null, """{"id":"a","input":{"num_images":2}},{"id":"a-2"}"""),
        ("path_collision", "/jobs/0/output/path", "x.{image}", null, """{"id":"a","count":2,"output":{"path":"x.{{ext}}"}}"""),
        ("path_collision", "/jobs/0/output/path", "x", null,
            """{"id":"a","output":{"path":"x"}},{"id":"b","output":{"path":"x/y.png"}}"""),
        ("path_collision", "/jobs/0/output/path", "Green-Tea.{image}", null,
            """{"id":"a-{{tea}}-{{size}}","output":{"path":"{{tea}}.{{ext}}"}}"""),
        // Growth.
        ("too_many_jobs", "/jobs/12", "8000 jobs", null,
            $$"""{{string.Join(',', Enumerable.Range(0, 14).Select(n => $"{{\"id\":\"a{n}-{{{{tea}}}}-{{{{size}}}}-{{{{up}}}}\",\"count\":1000}}"))}}"""),
    ];
}
