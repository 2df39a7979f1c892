using System.Text.Json;
using ClipiaFlows.Planning;

namespace ClipiaFlows.Tests.Planning;

public sealed class OutputReferenceTests
{
    private static readonly JsonElement Output = JsonElement.Parse(
        """
        {"images":[{"url":"u0","original_url":"o0","width":1024},{"url":"u1","original_url":""},{"url":"u2","original_url":null}],
         "video":{"url":"v","nothing":null}}
        """u8);

    [Theory]
    [InlineData("${{ jobs.a.output.images[0].url }}", "a", ".images[0].url")]
    [InlineData("${{jobs.a-1.x_y.output.video.url}}", "a-1.x_y", ".video.url")]
    [InlineData("jobs.a.output.x", "a", ".x")]
    [InlineData("${{ jobs.a.output-2.output.x[1][2] }}", "a.output-2", ".x[1][2]")]
    [InlineData("${{ jobs.a.output }}", null, null)]
    [InlineData("${{ jobs..output.x }}", null, null)]
    [InlineData("${{ jobs.a.output.x[-1] }}", null, null)]
    [InlineData("${{ jobs.a.output.x[99999] }}", null, null)]
    [InlineData("${{ jobs.a.output.x y }}", null, null)]
    public void Parse_Text_GivesJobAndPath(string text, string? job, string? path)
    {
        var reference = OutputReference.Parse(text);

        Assert.Equal((job, path), (reference?.JobId, reference?.Path));
        Assert.Equal(reference, reference is null ? null : OutputReference.Parse(reference.ToString()));
    }

    [Theory]
    [InlineData("\"${{ jobs.a.output.images[0].url }}\"", "\"o0\"")]
    [InlineData("\"${{ jobs.a.output.images[1].url }}\"", "\"u1\"")]
    [InlineData("\"${{ jobs.a.output.images[2].url }}\"", "\"u2\"")]
    [InlineData("\"${{ jobs.a.output.images[0].width }}\"", "1024")]
    [InlineData("\"${{ jobs.a.output.video }}\"", """{"url":"v","nothing":null}""")]
    [InlineData("\"x ${{ jobs.a.output.video.url }}, ${{ jobs.a.output.images[0].width }} y\"", "\"x v, 1024 y\"")]
    [InlineData("""[{"deep":"${{ jobs.a.output.video.url }}"},1.50,null,true]""", """[{"deep":"v"},1.50,null,true]""")]
    [InlineData("""" "\\${{ jobs.a.output.video.url }}" """", "\"${{ jobs.a.output.video.url }}\"")]
    [InlineData("\"${{ env.X }} {{y}}\"", "\"${{ env.X }} {{y}}\"")]
    public void Resolve_PlannedValue_TakesTheOutput(string planned, string resolved)
    {
        var resolution = Resolve(planned);

        Assert.Null(resolution.Failure);
        Assert.Equal(resolved, resolution.Input.GetProperty("x").GetRawText());
    }

    [Theory]
    [InlineData("${{ jobs.a.output.images[3].url }}", "no '3' there")]
    [InlineData("${{ jobs.a.output.images.url }}", "no 'url' there")]
    [InlineData("${{ jobs.a.output.image }}", "no 'image' there")]
    [InlineData("${{ jobs.a.output.video.nothing }}", "it is null")]
    [InlineData("${{ jobs.b.output.video.url }}", "the job has no output")]
    [InlineData("secret ${{ jobs.a.output.video }}", "text stands around it")]
    public void Resolve_WhatIsNotThere_FailsWithoutThePrompt(string planned, string reason)
    {
        var resolution = Resolve($"\"{planned}\"");

        Assert.Equal(JsonValueKind.Undefined, resolution.Input.ValueKind);
        Assert.Contains(reason, resolution.Failure, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", resolution.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void In_Input_FindsEveryReferenceOnce() =>
        Assert.Equal(
            [new OutputReference("a", ".x"), new OutputReference("b", ".y")],
            OutputReference.In(JsonElement.Parse(
                """{"p":"${{jobs.a.output.x}} ${{ jobs.a.output.x }}","q":["${{ jobs.b.output.y }}"],"r":"\\${{ jobs.c.output.z }}"}"""u8)));

    [Theory]
    [InlineData("$", "{{price}}\\{{ jobs.a.output.video.url }}", "${{ jobs.a.output.video.url }}")]
    [InlineData("${{ jobs.a.output.video.url }}", "{{price}}", "${{ jobs.a.output.video.url }}")]
    [InlineData("x", "\\${{ jobs.{{price}} }}", "${{ jobs.x }}")]
    [InlineData("\\", "{{price}}{{price}}{{price}}\\${{ jobs.a.output.x }}", "\\\\\\${{ jobs.a.output.x }}")]
    public void Resolve_LiteralThatLooksLikeAReference_IsTheLiteralAgain(
        string price, string written, string resolved)
    {
        var job = Assert.Single(Some.Jobs(
            $$$"""{"id":"z","input":{"x":{{{JsonSerializer.Serialize(written)}}}}}""",
            $"\"price\":[{JsonSerializer.Serialize(price)}]"));

        Assert.Empty(job.Needs);
        Assert.Equal(resolved, OutputReference.Resolve(job.Input, _ => default).Input.GetProperty("x").GetString());
    }

    private static ReferenceResolution Resolve(string planned) =>
        OutputReference.Resolve(
            JsonElement.Parse($$"""{"x":{{planned}}}"""), id => id == "a" ? Output : default);
}
