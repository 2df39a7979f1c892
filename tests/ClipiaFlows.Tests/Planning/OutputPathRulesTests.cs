using ClipiaFlows.Planning;

namespace ClipiaFlows.Tests.Planning;

public sealed class OutputPathRulesTests
{
    [Theory]
    [InlineData("a.png")]
    [InlineData("a")]
    [InlineData("A-z_0 9/b.c/{{output}}.{{ext}}")]
    [InlineData("results.json")]
    [InlineData("x/results.jsonl")]
    [InlineData("Results.JSONL", "a name that the batch's own files do not have")]
    [InlineData("results.jsonl", "a name that the batch's own files do not have")]
    [InlineData("results.csv", "a name that the batch's own files do not have")]
    [InlineData("errors.jsonl", "a name that the batch's own files do not have")]
    [InlineData("summary.json", "a name that the batch's own files do not have")]
    [InlineData("gallery.html", "a name that the batch's own files do not have")]
    [InlineData("index.html", "a name that the batch's own files do not have")]
    [InlineData(@"a\b", "'/' between folders, not '\\'")]
    [InlineData("/a", "a path relative to the batch's folder")]
    [InlineData("C:a", "a path relative to the batch's folder")]
    [InlineData("", "no empty folder or file names")]
    [InlineData("a//b", "no empty folder or file names")]
    [InlineData("a/", "no empty folder or file names")]
    [InlineData("./a", "no '.' and '..', the path stays below the batch's folder")]
    [InlineData("a/..", "no '.' and '..', the path stays below the batch's folder")]
    [InlineData("a/...", "names that do not end with a dot or space")]
    [InlineData("a /b", "names that do not end with a dot or space")]
    [InlineData("a\n", "characters of A-Z, a-z, 0-9, '.', '_', ' ' and '-'")]
    [InlineData("a?", "characters of A-Z, a-z, 0-9, '.', '_', ' ' and '-'")]
    [InlineData("x/con", "names that Windows does not reserve (CON, PRN, AUX, NUL, COM1, LPT1 …)")]
    [InlineData("Prn.png", "names that Windows does not reserve (CON, PRN, AUX, NUL, COM1, LPT1 …)")]
    [InlineData("aux .png", "names that Windows does not reserve (CON, PRN, AUX, NUL, COM1, LPT1 …)")]
    [InlineData("nul/a", "names that Windows does not reserve (CON, PRN, AUX, NUL, COM1, LPT1 …)")]
    [InlineData("com0", "names that Windows does not reserve (CON, PRN, AUX, NUL, COM1, LPT1 …)")]
    [InlineData("LPT9.a.b", "names that Windows does not reserve (CON, PRN, AUX, NUL, COM1, LPT1 …)")]
    [InlineData("console.png")]
    [InlineData("com.png")]
    [InlineData("com10.png")]
    public void Objection_Path_SaysWhatIsExpectedInstead(string path, string? expected = null) =>
        Assert.Equal(expected, OutputPathRules.Objection(path));

    [Theory]
    [InlineData("", 200)]
    [InlineData(".{{ext}}", 195)]
    // Room is kept for the number of a further output.
    [InlineData("-{{output}}.{{ext}}", 192)]
    public void Objection_Length_IsThatOfTheLongestOutput(string end, int most)
    {
        var further = end.Contains("{{output}}", StringComparison.Ordinal) ? 0 : "-99".Length;

        Assert.Null(OutputPathRules.Objection(new string('x', most - further) + end));
        Assert.Equal("at most 200 characters", OutputPathRules.Objection(new string('x', most - further + 1) + end));
    }
}
