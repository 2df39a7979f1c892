using System.Text;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Tests.Manifests;

public sealed class ForeignTextTests
{
    private const string OpenAi = """{"custom_id":"a","method":"POST","url":"/v1/images/generations","body":{"model":"m","prompt":"p"}}""";

    public static TheoryData<string, string, string> Formats() => new()
    {
        { "id,prompt,model\na,\"a red cat, soft light\",nano-banana-2\n", "invalid_json", "CSV" },
        { "\"id\",\"prompt\"\n\"a\",\"a red cat\"\n", "invalid_json", "CSV" },
        { "\uFEFFid;prompt\r\na;a red cat\r\n", "invalid_json", "CSV with semicolons" },
        { "prompt\na red cat, soft light\na dog\n", "invalid_json", "CSV" },
        { "sku,colour\n1,red\n", "invalid_json", "CSV" },
        { "id\tprompt\na\ta red cat\n", "invalid_json", "TSV" },
        { "| id | prompt |\n|---|---|\n| a | a red cat |\n", "invalid_json", "a Markdown table" },
        { "jobs:\n  - id: a\n    model: nano-banana-2\n    input:\n      prompt: a red cat\n", "invalid_json", "YAML" },
        { "---\nname: x\njobs: []\n", "invalid_json", "YAML" },
        { "# my jobs\njobs:\n- id: a\n", "invalid_json", "YAML" },
        { "name = \"x\"\n[[jobs]]\nid = \"a\"\n", "invalid_json", "TOML" },
        { "<?xml version=\"1.0\"?>\n<jobs/>\n", "invalid_json", "XML" },
        { "<!DOCTYPE html>\n<html><body>Sign in</body></html>\n", "invalid_json", "HTML" },
        { "a red cat, soft light\na blue dog, hard light\n", "invalid_json", "a list of lines of text" },
        { "- a red cat\n- a blue dog\n", "invalid_json", "a list of lines of text" },
        { "1. a red cat\n2. a blue dog\n", "invalid_json", "a list of lines of text" },
        { "東京の夜\n大阪の朝\n", "invalid_json", "a list of lines of text" },
        { "a red cat", "invalid_json", "plain text" },
        { OpenAi + "\n" + OpenAi + "\n", "not_a_manifest", "an OpenAI batch file" },
        { OpenAi, "not_a_manifest", "an OpenAI batch file" },
        { $"[{OpenAi}]", "wrong_type", "an array of 1" },
        { """{"requests":[{"custom_id":"a","params":{"model":"m"}}]}""", "not_a_manifest", "an Anthropic batch file" },
        { """[{"id":"a","model":"m"},{"id":"b","model":"m"}]""", "wrong_type", "an array of 2" },
        { """["a red cat","a dog"]""", "wrong_type", "an array of 2" },
        { "[]", "wrong_type", "an array of 0" },
    };

    public static TheoryData<string, string> Slips() => new()
    {
        { "// jobs\n{\"jobs\":[]}", "comments" },
        { "{\"jobs\":[ /* none */ ]}", "comments" },
        { "{\n  # jobs\n  \"jobs\":[]}", "comments" },
        { "{'jobs':[]}", "single quotes" },
        { "{\"jobs\":['a']}", "single quotes" },
        { "{jobs:[]}", "no quotes" },
        { "{\"a\":1,nulls:[]}", "no quotes" },
        { "{\"jobs\":[],}", "behind the last item" },
        { "{\"jobs\":[1,2,\n]}", "behind the last item" },
        { "{“jobs”:[]}", "typographic quotes" },
        { "{\"jobs\":True}", "Python" },
        { "{\"jobs\":None}", "Python" },
        { "{\"jobs\":NaN}", "NaN" },
        { "{\"jobs\":+1}", "+1" },
        { "{\"jobs\":.5}", "0.5" },
        { "{\"jobs\":0x10}", "hexadecimal" },
        { "{\"name\":\"a\nb\"}", "line break" },
        { "{\n\"id\":\"a\"}\n{\"id\":\"b\"}", "second JSON value" },
    };

    [Theory, MemberData(nameof(Formats))]
    public void Read_AnotherFormat_IsNamedInOneProblem(string text, string code, string name)
    {
        var problem = Assert.Single(ManifestReader.Read(Encoding.UTF8.GetBytes(text)).Problems);

        Assert.Equal((code, "", name), (problem.Code, problem.Pointer, problem.Value));
        Assert.StartsWith("This is ", problem.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Formats))]
    public void Read_AnotherFormatSentAsJsonLines_IsOneProblem(string text, string code, string name)
    {
        var problems = ManifestReader.Read(Encoding.UTF8.GetBytes(text), ManifestFormat.JsonLines).Problems;

        Assert.Equal(code, Assert.Single(problems).Code);
        Assert.NotEqual("", name);
    }

    [Theory, MemberData(nameof(Slips))]
    public void Read_NearlyJson_SaysWhatBreaksIt(string text, string named)
    {
        var problem = Assert.Single(ManifestReader.Read(Encoding.UTF8.GetBytes(text)).Problems);

        Assert.Equal(ProblemCodes.InvalidJson, problem.Code);
        Assert.StartsWith("The JSON is broken at line ", problem.Message, StringComparison.Ordinal);
        Assert.Contains(named, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"jobs\":[")]
    [InlineData("{\"jobs\" []}")]
    [InlineData("\"jobs\": []")]
    [InlineData("{]")]
    public void Read_JustBrokenJson_IsNotTakenForAnotherFormat(string text) =>
        Assert.StartsWith("The JSON is broken at line 1, ", Assert.Single(ManifestReader.Read(Encoding.UTF8.GetBytes(text)).Problems).Message, StringComparison.Ordinal);
}
