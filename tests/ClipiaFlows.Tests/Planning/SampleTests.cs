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

    [Fact]
    public void Plan_AutumnCatalogue_HasWhatItsMatrixLeavesAndAdds()
    {
        var plan = Some.Plan(Read("autumn-catalogue.json"));

        Assert.Empty(plan.Problems);
        Assert.Equal(
            ["still-Bowl-above", "still-Bowl-front", "still-Carafe-front", "still-Mug-above", "still-Mug-front", "still-Vase-front"],
            plan.Plan!.Jobs.Select(job => job.Id).Where(id => id.StartsWith("still", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(4, plan.Plan.Jobs.Count(job => job.Kind == "video"));
        Assert.Contains("iron red", plan.Plan.Jobs.Single(job => job.Id == "wide-Vase").Input.GetRawText(), StringComparison.Ordinal);
    }

    public static TheoryData<string> All() =>
        [.. Directory.GetFiles(Folder).Select(file => Path.GetFileName(file)!).Where(name => name != "manifest.schema.json" && Path.GetExtension(name) is ".json" or ".jsonl")];

    [Theory, MemberData(nameof(All))]
    public void Plan_EverySample_HasNoProblems(string name) => Assert.NotEmpty(Some.Whole(Some.Plan(Read(name))));

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
