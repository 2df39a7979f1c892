namespace ClipiaFlows.Tests.Planning;

public sealed class SampleTests
{
    [Fact]
    public void Plan_SpringCampaign_HasItsPicturesAndClips()
    {
        var plan = Some.Plan(Read("spring-campaign.json"));

        Assert.Empty(plan.Problems);
        var jobs = plan.Plan!.Jobs;
        Assert.Equal(13, jobs.Count(job => job.Kind == "image"));
        Assert.Equal(2, jobs.Count(job => job.Kind == "video"));
        Assert.Equal(2, plan.Plan.Edges.Count);
        Assert.Contains(jobs, job => job.OutputPath == "White-Peach/social/4-3.{{ext}}");
    }

    [Fact]
    public void Plan_OnePicture_ChainsTheClip()
    {
        var plan = Some.Plan(Read("one-picture.json"));

        Assert.Empty(plan.Problems);
        Assert.Equal([0], plan.Plan!.Jobs[1].Needs);
    }

    private static string Folder
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!Directory.Exists(Path.Combine(folder.FullName, "samples")))
                folder = folder.Parent!;
            return Path.Combine(folder.FullName, "samples");
        }
    }

    private static string Read(string name) => File.ReadAllText(Path.Combine(Folder, name));
}
