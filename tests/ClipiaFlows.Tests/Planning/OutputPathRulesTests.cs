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
    [InlineData("東京/大阪-ー々〇.png")]
    [InlineData("Москва/Zürich/Łódź.png")]
    [InlineData("القاهرة/ירושלים/दिल्ली/서울/กรุงเทพ.png")]
    [InlineData("١٢٣/१२३.png")]
    [InlineData("x\u030C/q\u0323\u0307.png")]
    [InlineData("a\n", "no U+000A, which is a control character")]
    [InlineData("a\u0085", "no U+0085, which is a control character")]
    [InlineData("a\u200Bb", "no U+200B, which is invisible")]
    [InlineData("a\u00ADb", "no U+00AD, which is invisible")]
    [InlineData("a\uFE0Fb", "no U+FE0F, which is invisible")]
    [InlineData("a\u3164b", "no U+3164, which is invisible")]
    [InlineData("a\u00A0b", "no U+00A0, which is invisible")]
    [InlineData("a\u3000b", "no U+3000, which is invisible")]
    [InlineData("a\U000E0041b", "no U+E0041, which is invisible")]
    [InlineData("a\u202Egnp", "no U+202E, which changes the direction of text")]
    [InlineData("a\u200Fb", "no U+200F, which changes the direction of text")]
    [InlineData("\uFF21", "no U+FF21, which is another form of 'A'")]
    [InlineData("\uFB01", "no U+FB01, which is another form of 'fi'")]
    [InlineData("\u2460", "no U+2460, which is another form of '1'")]
    [InlineData("\u2122", "no U+2122, which is another form of 'TM'")]
    [InlineData("com\u00B9", "no U+00B9, which is another form of '1'")]
    [InlineData("\uFF71", "no U+FF71, which is another form of 'ア'")]
    [InlineData("\uE000", "no U+E000, which is for private use")]
    [InlineData("\u0378", "no U+0378, which is not assigned")]
    [InlineData("\uFFFF", "no U+FFFF, which is not assigned")]
    [InlineData("a\u20DD", "no U+20DD, which encloses the character before it")]
    [InlineData("\u0301a", "a letter or digit before the mark U+0301")]
    [InlineData("a/\u0301", "a letter or digit before the mark U+0301")]
    [InlineData("-\u0301", "a letter or digit before the mark U+0301")]
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
    [InlineData("東", 80)]
    [InlineData("é", 120)]
    [InlineData("𠮷", 60)]
    public void Objection_NameInUtf8_FitsADisk(string letter, int most)
    {
        var name = string.Concat(Enumerable.Repeat(letter, most - 1));
        // Room for the number of a further output.
        Assert.Null(OutputPathRules.Objection(name[..^(2 * letter.Length)]));
        Assert.Equal("names of at most 240 bytes in UTF-8", OutputPathRules.Objection($"{name}{letter}{letter}/a"));
        Assert.Equal("names of at most 240 bytes in UTF-8", OutputPathRules.Objection($"{name}{letter}.png"));
    }

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
