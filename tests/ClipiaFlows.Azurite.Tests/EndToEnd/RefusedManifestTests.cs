using ClipiaFlows.Azurite.Tests.Commands;

namespace ClipiaFlows.Azurite.Tests.EndToEnd;

[Collection(SharedStackUsers.Name)]
public sealed class RefusedManifestTests(SharedStackFixture shared)
{
    private const string Wrong = """
        {
          "version": 1,
          "name": "Everything is wrong",
          "budget": 5,
          "defaults": { "model": "nano-banana-2" },
          "jobs": [
            { "id": "twin", "input": { "prompt": "one" } },
            { "id": "twin", "input": { "prompt": "two" } },
            { "id": "orphan", "needs": ["nobody"], "input": { "prompt": "three" } },
            { "id": "hen", "needs": ["egg"], "input": { "prompt": "four" } },
            { "id": "egg", "needs": ["hen"], "input": { "prompt": "five" } },
            { "id": "stranger", "model": "nano-bananna-2", "input": { "prompt": "six" } },
            { "id": "typed", "input": { "prompt": 7 } },
            { "id": "climber", "input": { "prompt": "eight" }, "output": { "path": "../../etc/passwd" } }
          ]
        }
        """;

    [Fact]
    public async Task Run_EverythingWrong_NamesAllOfItByPointerAndSpendsNothing()
    {
        var stack = shared.Running;
        var before = await stack.Emulator.LedgerAsync();
        using var folder = new TemporaryFolder();
        var manifest = Path.Combine(folder.Path, "wrong.json");
        await File.WriteAllTextAsync(manifest, Wrong);

        var result = await CliProcess.RunAsync(["run", manifest, "--url", stack.Local.AppUrl.AbsoluteUri]);

        Assert.Equal(1, result.ExitCode);
        Assert.All(
            new[] { "/budget", "/jobs/1/id", "/jobs/2/needs/0", "/jobs/3: The jobs need each other in a circle", "/jobs/5/model", "/jobs/6/input/prompt", "/jobs/7/output/path" },
            pointer => Assert.Contains(pointer, result.Errors, StringComparison.Ordinal));
        Assert.Contains("nano-banana-2", result.Errors, StringComparison.Ordinal);
        result.HasNoStackTrace();
        Assert.Equal(before.Entries.Count, (await stack.Emulator.LedgerAsync()).Entries.Count);
    }
}
