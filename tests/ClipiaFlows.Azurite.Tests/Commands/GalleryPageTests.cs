using ClipiaFlows.Cli.Api;
using ClipiaFlows.Cli.Gallery;

namespace ClipiaFlows.Azurite.Tests.Commands;

public sealed class GalleryPageTests
{
    private static readonly Batch Batch = new(
        "b-1", "Tea & <spring>", "CompletedWithFailures", null, new JobCounts(3, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0), new BatchCredits(30, 0, 20));

    [Fact]
    public void Render_TextOfStrangers_IsEscapedEverywhere()
    {
        var job = Some("a<b", new JobOutput("a/\"x\".png", "image/png", 1, "ff", 4, 3, null)) with { Prompt = "\"><script>alert(1)</script>" };

        var page = GalleryPage.Render(Batch, [job]);

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("alt=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\"", page, StringComparison.Ordinal);
        Assert.Contains("href=\"a/%22x%22.png\"", page, StringComparison.Ordinal);
        Assert.Contains("<title>Tea &amp; &lt;spring&gt;</title>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_PictureClipAndFailure_AreShownInTheOrderOfThePlan()
    {
        var page = GalleryPage.Render(Batch,
        [
            Some("clip", new JobOutput("c.mp4", "video/mp4", 1, "cc", null, null, 5)) with { N = 2 },
            Some("broken") with { N = 3, State = "Failed", Error = new JobError("content_policy", "refused") },
            Some("picture", new JobOutput("p.png", "image/png", 1, "aa", 4, 3, null)) with { N = 1 },
        ]);

        Assert.Matches("(?s)<img src=\"p.png\".*<video src=\"c.mp4\" controls.*class=\"failed\".*content_policy refused", page);
        Assert.Contains("2 of 3 jobs succeeded, 20 credits charged", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
    }

    private static Job Some(string id, params JobOutput[] outputs) =>
        new(id, 1, "flux-2-pro", "Succeeded", 1, "r-1", 10) { Outputs = outputs, Prompt = "A can of tea" };
}
