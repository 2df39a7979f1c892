using System.Collections.Concurrent;
using ClipiaFlows.LocalRuntime.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace ClipiaFlows.Azurite.Tests.Commands;

/// <summary>What can go wrong on the way to the local disk.</summary>
public sealed class DownloadFaultTests
{
    private static readonly string[] ThreeFiles = ["a.png", "gone.png", "z/b.png"];

    [Theory]
    [InlineData("download b-1 --out out")]
    [InlineData("run m.json --yes --download out")]
    public async Task Command_OneFileIsMissing_FetchesTheOthersTheGalleryAndTheReceipt(string command)
    {
        await using var app = await FakeApp.ServeBatchAsync(
            ThreeFiles,
            (call, path) => path == "gone.png" ? FakeApp.RefuseAsync(call, 404, "output_not_found", "There is no such file.") : call.Response.WriteAsync(path),
            Start);
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "m.json"), "{}");

        var result = await FakeApp.RunAsync(app, [.. command.Split(' ').Select(part => part is "out" or "m.json" ? Path.Combine(folder.Path, part) : part)]);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("Missing: gone.png: There is no such file.", Assert.Single(LinesOf(result), line => line.StartsWith("Missing: ", StringComparison.Ordinal)));
        Assert.Contains(LinesOf(result), line => line.StartsWith("1 file is missing. Fetch the rest with: clipiaflows download b-1 --out ", StringComparison.Ordinal));
        Assert.Equal(
            ["a.png", "errors.jsonl", "gallery.html", "results.csv", "results.jsonl", "summary.json", "z/b.png"],
            FilesBelow(Path.Combine(folder.Path, "out", "b-1")));
    }

    [Fact]
    public async Task Download_FolderOfTheBatchIsALink_WritesNothing()
    {
        await using var app = await FakeApp.ServeBatchAsync(["a.png"], (call, path) => call.Response.WriteAsync(path));
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "b-1"), elsewhere.Path);

        var result = await FakeApp.RunAsync(app, "download", "b-1", "--out", folder.Path);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("b-1 is a link", result.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere.Path));
    }

    [FactWithOwnFileSystem]
    public async Task Download_DiskGetsFull_SaysSoAndLeavesWholeFilesOnly()
    {
        var block = new byte[700 * 1024];
        await using var app = await FakeApp.ServeBatchAsync(
            ["a.png", "b.png", "c.png"], (call, _) => call.Response.Body.WriteAsync(block, call.RequestAborted).AsTask());
        using var disk = new SmallFileSystem(megabytes: 1);

        var result = await FakeApp.RunAsync(app, "download", "b-1", "--out", disk.Path);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"The disk of {Path.Combine(disk.Path, "b-1")} is full", result.Errors, StringComparison.Ordinal);
        Assert.Contains("Make room, then fetch the rest with: clipiaflows download b-1 --out", result.Errors, StringComparison.Ordinal);
        Assert.All(FilesBelow(disk.Path).Where(file => file.EndsWith(".png", StringComparison.Ordinal)), file =>
            Assert.Equal(block.Length, new FileInfo(Path.Combine(disk.Path, file)).Length));
        Assert.DoesNotContain(FilesBelow(disk.Path), file => file.EndsWith(".partial", StringComparison.Ordinal));
        result.HasNoStackTrace();
    }

    [FactWithOwnFileSystem]
    public async Task Run_DiskIsFull_IsRefusedBeforeAnythingIsPaid()
    {
        var calls = new ConcurrentQueue<string>();
        await using var app = await FakeApp.ServeAsync(call =>
        {
            calls.Enqueue(call.Request.Path);
            return call.Response.WriteAsync("{}");
        });
        using var folder = new TemporaryFolder();
        var manifest = Path.Combine(folder.Path, "m.json");
        await File.WriteAllTextAsync(manifest, "{}");
        using var disk = new SmallFileSystem(megabytes: 1);
        disk.Fill();

        var result = await FakeApp.RunAsync(app, "run", manifest, "--yes", "--download", Path.Combine(disk.Path, "out"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("because its disk is full", result.Errors, StringComparison.Ordinal);
        Assert.Empty(calls);
        Assert.Equal(["filler"], FilesBelow(disk.Path));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("HUP")]
    [InlineData("QUIT")]
    [InlineData("TERM")]
    public async Task Download_InterruptedInAFile_LeavesNoPartOfIt(string signal)
    {
        await using var app = await FakeApp.ServeBatchAsync(["a.png"], async (call, _) =>
        {
            await call.Response.WriteAsync("half");
            await call.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, call.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        using var folder = new TemporaryFolder();
        using var download = CliProcess.Start(["download", "b-1", "--out", folder.Path], FakeApp.Variables(app));
        await Eventually.TrueAsync(
            () => FilesBelow(folder.Path).Any(file => file.StartsWith("b-1/", StringComparison.Ordinal)), TimeSpan.FromMinutes(1), () => download.Errors);

        await download.SignalAsync(signal);
        var result = await download.WaitAsync();

        Assert.Equal(130, result.ExitCode);
        Assert.Empty(FilesBelow(folder.Path));
        Assert.Empty(Directory.GetDirectories(download.TemporaryFiles, "clipiaflows-*"));
    }

    private static Task Start(HttpContext call) => call.Response.WriteAsync(
        call.Request.Method == "POST" ? """{"id":"b-1","state":"Planning","jobs":1}""" : "content");

    private static string[] LinesOf(CliResult result) => result.Errors.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> FilesBelow(string folder) => Directory.GetFiles(folder, "*", new EnumerationOptions
    {
        RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None,
    }).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal);
}
