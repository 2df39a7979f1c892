using System.Text;
using ClipiaFlows.Manifests;
using ClipiaFlows.Planning;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Planning;

/// <summary>A hundred times the text takes at most three hundred times the CPU time, whatever the text is made of.</summary>
public sealed class LinearTimeTests
{
    private const int Tries = 3;
    private const double MaxRatio = 300;

    // Below it the clock and the garbage collector are measured. A quadratic step takes ten thousand times as long.
    private static readonly TimeSpan LeastMeasured = TimeSpan.FromMilliseconds(2);

    private static readonly Dictionary<string, (int Size, Func<int, string> Text)> Texts = new(StringComparer.Ordinal)
    {
        ["a long reference that is none"] = (100, n => Prompt($"${{{{ jobs.x{Repeat(".output.a", n)} ! }}}}")),
        ["a long reference"] = (100, n => Prompt($"${{{{ jobs.x{Repeat(".output.a", n)} }}}}")),
        ["a reference of indexes"] = (100, n => Prompt($"${{{{ jobs.x.output{Repeat("[0]", n)}! }}}}")),
        ["references that do not close"] = (100, n => Prompt(Repeat("${{ jobs.x.output.a ", n))),
        ["escaped references in many copies"] = (100, n => Some.Manifest($$$"""{"id":"a","count":20,"input":{"x":"{{{Repeat(@"\\${{", n)}}}"}}""")),
        ["escaped references that one closes"] = (100, n => Some.Manifest($$$"""{"id":"a","count":20,"input":{"x":"{{{Repeat(@"\\${{ jobs.", n)}}}}}"}}""")),
        ["escaped braces"] = (100, n => Prompt(Repeat(@"\\{{", n))),
        ["opening braces"] = (100, n => Prompt(Repeat("{{", n))),
        ["closing braces"] = (100, n => Prompt(Repeat("}}", n))),
        ["backslashes"] = (100, n => Prompt(Repeat(@"\\", n))),
        ["dollars"] = (100, n => Prompt(Repeat("$", n))),
        ["halves of surrogate pairs"] = (10, n => Prompt(Repeat(@"\ud800", n))),
        ["strings with halves of surrogate pairs"] = (10, n => Prompts(n, _ => @"\ud800")),
        ["unknown variables"] = (90, n => Prompt(Repeat("{{unknown}}", n))),
        ["different unknown variables"] = (90, n => Prompt(Join(n, i => $"{{{{unknown{i}}}}}", ""))),
        ["many variables, all of them named"] = (30, n => Some.Manifest(
            $$$"""{"id":"a","input":{"x":"{{{Join(n, i => $"{{{{v{i}}}}}", "")}}}"}}""", Join(n, i => $"\"v{i}\":[\"\"]"))),
        ["many variables, all of them unknown"] = (30, n => Some.Manifest(
            $$$"""{"id":"a","input":{"x":"{{{Join(n, i => $"{{{{w{i}}}}}", "")}}}"}}""", Join(n, i => $"\"v{i}\":[\"\"]"))),
        ["a variable in each of many jobs"] = (30, n => Some.Manifest(
            Join(n, i => $$$"""{"id":"a{{{i}}}","input":{"x":"{{v{{{i}}}}} ${{ jobs.b{{v{{{i}}}}}.output.images[0].url }}"}}"""), Join(n, i => $"\"v{i}\":[\"x\"]"))),
        ["a long name above many values"] = (100, n => Some.Manifest(
            $$$"""{"id":"a","input":{"{{{new string('n', n * 10)}}}":[{{{Join(n, _ => "\"{{u}}\"")}}}]}}""")),
        ["a deep place with many values"] = (100, n => Some.Manifest(
            $$$"""{"id":"a","input":{{{Repeat("{\"name-of-some-length\":", 50)}}}[{{{Join(n, _ => "1")}}}]{{{new string('}', 50)}}}}""")),
        ["many fields"] = (100, n => Some.Manifest($$$"""{"id":"a","input":{{{{Join(n, i => $"\"f{i}\":1")}}}}}""")),
        ["many unknown fields"] = (100, n => Some.Manifest($$"""{"id":"a",{{Join(n, i => $"\"f{i}\":1")}}}""")),
        ["the same field again"] = (100, n => Some.Manifest($$"""{"id":"a",{{Join(n, _ => "\"x\":1")}}}""")),
        ["many tags"] = (100, n => $$$"""{"tags":{{{{Join(n, i => $"\"t{i}\":\"x\"")}}}},"jobs":[{"id":"a","model":"mystery"}]}"""),
        ["a long number"] = (1000, n => Some.Manifest($$$"""{"id":"a","input":{"seed":1{{{new string('0', n)}}}}}""")),
        ["many long numbers"] = (100, n => Some.Manifest($$$"""{"id":"a","input":{"x":[{{{Join(n, _ => "123456789012345678901234567890e-5")}}}]}}""")),
        ["a long id"] = (1000, n => Some.Manifest($$"""{"id":"{{new string('&', n)}}"}""")),
        ["a long path"] = (1000, n => Some.Manifest($$$"""{"id":"a","output":{"path":"{{{Repeat("/", n)}}}"}}""")),
        ["a long model with variables"] = (100, n => Some.Manifest($$"""{"id":"a","model":"{{Repeat("{{x}}a", n)}}"}""", "\"x\":[\"\"]")),
        ["many needs"] = (50, n => Some.Manifest($$"""{"id":"a","needs":[{{Join(n, i => $"\"b{i}\"")}}]},{{Join(n, i => $$"""{"id":"b{{i}}"}""")}}""")),
        ["many wrong needs"] = (50, n => Some.Manifest(Join(n, i => $$"""{"id":"job-{{i}}","needs":["jbo-{{i}}"]}"""))),
        ["the same need again"] = (50, n => Some.Manifest($$"""{"id":"a","count":20,"needs":[{{Join(n, _ => "\"b\"")}}]},{"id":"b","count":20}""")),
        ["one long circle"] = (50, n => Some.Manifest(Join(n, i => $$"""{"id":"j{{i}}","needs":["j{{(i + 1) % n}}"]}"""))),
        ["many circles"] = (50, n => Some.Manifest(Join(n, i => $$"""{"id":"j{{i}}","needs":["j{{i}}"]}"""))),
        ["the same id again"] = (50, n => Some.Manifest(Join(n, _ => """{"id":"a"}"""))),
        ["many values"] = (100, n => Some.Manifest("""{"id":"a-{{x}}"}""", $"\"x\":[{Join(n, i => $"\"v{i}\"")}]")),
        ["the same value again"] = (100, n => Some.Manifest("""{"id":"a-{{x}}"}""", $"\"x\":[{Join(n, _ => "\"v\"")}]")),
        ["excluded values"] = (10, n => Some.Manifest(
            """{"id":"a-{{x}}-{{y}}"}""",
            $"\"x\":[{Join(n, i => $"\"v{i}\"")}],\"y\":[1,2],\"exclude\":[{Join(n, i => $$"""{"x":"v{{i}}","y":1}""")}]")),
        ["wrongly excluded values"] = (10, n => Some.Manifest(
            """{"id":"a-{{x}}"}""", $"\"x\":[{Join(n, i => $"\"v{i}\"")}],\"exclude\":[{Join(n, i => $$"""{"x":"w{{i}}"}""")}]")),
        ["lines that are wrong"] = (30, n => string.Concat(Enumerable.Repeat("{\"id\":\"a\",\"model\":\"mystery\"}\n{x\n", n))),
        ["lines that are empty"] = (100, n => "{\"id\":\"a\",\"model\":\"mystery\"}\n" + Repeat("\n", n) + "{}"),
        ["an object that does not end"] = (100, n => Repeat("{\"a\":[1,", n)),
        ["spaces"] = (1000, n => Repeat(" ", n)),
        ["lines of text"] = (100, n => Repeat("a red cat, soft light\n", n)),
    };

    public static TheoryData<string> Kinds() => [.. Texts.Keys];

    [Theory, MemberData(nameof(Kinds))]
    public void Plan_HundredTimesTheText_TakesAtMostThreeHundredTimesTheCpuTime(string kind)
    {
        var (size, text) = Texts[kind];
        var small = Encoding.UTF8.GetBytes(text(size));
        var large = Encoding.UTF8.GetBytes(text(size * 100));
        Plan(small);

        var ratio = double.MaxValue;
        for (var time = 0; time < Tries && ratio > MaxRatio; time++)
            ratio = Math.Min(ratio, CpuOf(large) / Math.Max(CpuOf(small), LeastMeasured.TotalMilliseconds));

        Assert.True(ratio <= MaxRatio, $"A hundred times the text took {ratio:0} times the CPU time.");
    }

    [Fact]
    public void Plan_VariablesTimesJobs_IsRefusedAsTooComplex()
    {
        var named = Join(5_000, i => $"{{{{v{i}}}}}", "");

        var problems = Some.Plan($$$"""
            {"defaults":{"model":"nano-banana-2","input":{"prompt":"{{{named}}}"}},"matrix":{{{{Join(5_000, i => $"\"v{i}\":[\"\"]")}}}},
             "jobs":[{"id":"wrong id"},{"id":"a","count":1000},{"id":"b","count":1000},{"id":"c","count":1000},{"id":"d","count":1000}]}
            """).Problems;

        Assert.Equal(ProblemCodes.ManifestTooComplex, problems[^1].Code);
        Assert.Contains(problems, problem => problem.Code == ProblemCodes.BadId);
    }

    [Fact]
    public void Plan_CallerGone_Stops()
    {
        var reading = ManifestReader.Read(Encoding.UTF8.GetBytes(Some.Manifest("""{"id":"a-{{index}}","count":1000},{"id":"b-{{index}}","count":1000}""")));

        Assert.Throws<OperationCanceledException>(() => Planner.Plan(reading, "b-1", Some.Catalogue, Some.Now, new(canceled: true)));
    }

    private static double CpuOf(byte[] text)
    {
        var before = ThreadClock.Now;
        Plan(text);
        return (ThreadClock.Now - before).TotalMilliseconds;
    }

    private static void Plan(byte[] text) => Planner.Plan(ManifestReader.Read(text), "b-1", Some.Catalogue, Some.Now);

    private static string Prompt(string prompt) => Some.Manifest($$$"""{"id":"a","input":{"prompt":"{{{prompt}}}"}}""");

    private static string Prompts(int count, Func<int, string> prompt) =>
        Some.Manifest($$$"""{"id":"a","input":{"x":[{{{Join(count, i => $"\"{prompt(i)}\"")}}}]}}""");

    private static string Repeat(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();

    private static string Join(int count, Func<int, string> item, string separator = ",") =>
        string.Join(separator, Enumerable.Range(0, count).Select(item));
}
