namespace ClipiaFlows.Azurite.Tests.Commands;

public sealed class DemoTests
{
    [Fact]
    public async Task Demo_SpringCampaign_LeavesFilesAndNothingElse()
    {
        using var demo = CliProcess.Start("demo");

        var result = await demo.WaitAsync();

        Assert.True(result.ExitCode == 0, result.Errors + result.Output);
        var batch = Assert.Single(Directory.GetDirectories(Path.Combine(demo.Folder, "out")));
        var gallery = await File.ReadAllTextAsync(Path.Combine(batch, "gallery.html"));
        string[] receipt = ["gallery.html", "results.jsonl", "errors.jsonl", "results.csv", "summary.json"];
        Assert.All(receipt, file => Assert.True(File.Exists(Path.Combine(batch, file)), file));
        var files = Directory.GetFiles(batch, "*", SearchOption.AllDirectories).Where(file => !receipt.Contains(Path.GetFileName(file))).ToList();
        Assert.True(files.Count(file => file.EndsWith(".png", StringComparison.Ordinal)) >= 12, string.Join('\n', files));
        Assert.Equal(2, files.Count(file => file.EndsWith(".mp4", StringComparison.Ordinal)));
        Assert.All(files, file => Assert.Contains(Path.GetRelativePath(batch, file), gallery, StringComparison.Ordinal));
        Assert.Contains($"{files.Count} of {files.Count} jobs succeeded", result.Output, StringComparison.Ordinal);
        await demo.NothingIsLeftAsync();
        Assert.Empty(Directory.GetDirectories(demo.TemporaryFiles, "clipiaflows-*"));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("HUP")]
    [InlineData("QUIT")]
    [InlineData("TERM")]
    public async Task Demo_InterruptedInTheMiddle_StopsItsChildrenAndExitsWith130(string signal)
    {
        using var demo = CliProcess.Start("demo");
        await demo.SaidAsync("Submitted");
        Assert.NotEmpty(demo.Descendants());

        await demo.SignalAsync(signal);
        var result = await demo.WaitAsync();

        Assert.Equal(130, result.ExitCode);
        result.HasNoStackTrace();
        Assert.Empty(demo.Descendants());
        Assert.Empty(Directory.GetDirectories(demo.TemporaryFiles, "clipiaflows-*"));
    }

    [Fact]
    public async Task Demo_InterruptedWhileStarting_StopsItsChildrenAndExitsWith130()
    {
        using var demo = CliProcess.Start("demo");
        await demo.SaidAsync("Starting Azurite");

        await demo.SignalAsync("INT");
        var result = await demo.WaitAsync();

        Assert.Equal(130, result.ExitCode);
        Assert.Empty(demo.Descendants());
    }

    [Fact]
    public async Task Demo_Killed_ItsChildrenEndByThemselves()
    {
        using var demo = CliProcess.Start("demo");
        await demo.SaidAsync("Submitted");
        Assert.NotEmpty(demo.Descendants());

        await demo.SignalAsync("KILL");

        await demo.NothingIsLeftAsync();
    }
}
