using ClipiaFlows.Planning;

namespace ClipiaFlows.Tests.Planning;

public sealed class PlanWriterTests
{
    [Fact]
    public async Task WriteAsync_Plan_CanBeReadBackLineByLine()
    {
        var plan = Some.Plan(Some.Manifest(
            """
            {"id":"still-{{tea}}","priority":4,"input":{"prompt":"Tee für {{tea}} \u2028 \"x\"\n","seed":7}},
            {"id":"clip","model":"seedance-2-fast-i2v","needs":["still-{{tea}}"],"output":{"path":"c/{{tea}}.{{ext}}"},
             "input":{"image_url":"${{ jobs.still-{{tea}}.output.images[0].url }}"}}
            """,
            """ "tea":["Green Tea","Mint"] """)).Plan!;
        using var stream = new MemoryStream();

        var lines = await PlanWriter.WriteAsync(stream, plan);

        Assert.Equal(plan.Jobs.Count, lines.Count);
        foreach (var line in lines)
        {
            var bytes = stream.ToArray().AsMemory((int)line.Offset, line.Length);
            Assert.DoesNotContain((byte)'\n', bytes.ToArray());
            Assert.Equal((byte)'\n', stream.ToArray()[line.Offset + line.Length]);
            AssertSame(plan.Jobs[line.N], PlannedJob.Parse(bytes));
        }
    }

    [Fact]
    public async Task WriteAsync_ManyJobs_HasOffsetsAcrossBuffers()
    {
        var plan = Some.Plan(Some.Manifest("""{"id":"a","count":1000,"input":{"x":"{{index}} of many"}},{"id":"b","count":1000}""")).Plan!;
        using var stream = new MemoryStream();

        var lines = await PlanWriter.WriteAsync(stream, plan);

        Assert.True(stream.Length > 300_000);
        var bytes = stream.ToArray().AsMemory();
        Assert.All(lines, line =>
            Assert.Equal(plan.Jobs[line.N].Id, PlannedJob.Parse(bytes.Slice((int)line.Offset, line.Length)).Id));
        Assert.Equal(stream.Length, lines[^1].Offset + lines[^1].Length + 1);
    }

    [Fact]
    public async Task WriteAsync_SamePlan_GivesTheSameBytes() =>
        Assert.Equal(await Bytes(), await Bytes());

    private static async Task<byte[]> Bytes()
    {
        using var stream = new MemoryStream();
        await PlanWriter.WriteAsync(stream, Some.Plan(Some.Manifest("""{"id":"a-{{x}}"}""", """ "x":[1,2,3] """)).Plan!);
        return stream.ToArray();
    }

    private static void AssertSame(PlannedJob planned, PlannedJob read)
    {
        Assert.Equal(planned.Input.GetRawText(), read.Input.GetRawText());
        Assert.Equal(planned.Needs, read.Needs);
        Assert.Equal(planned.After, read.After);
        Assert.Equal(planned.Variables, read.Variables);
        Assert.Equal(
            planned with { Input = default, Needs = [], After = [], Variables = read.Variables },
            read with { Input = default, Needs = [], After = [] });
    }
}
