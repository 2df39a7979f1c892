using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ClipiaFlows.Azurite.Tests.Commands;

/// <summary>What answers wants to do harm, or names files that are not there.</summary>
public sealed class HostileAppTests
{
    [Theory]
    [InlineData("../../escaped")]
    [InlineData("/tmp/escaped")]
    [InlineData("")]
    [InlineData("b-1\u001b[2J")]
    public async Task Run_AnswersAnIdThatIsNone_IsRefused(string id)
    {
        await using var app = await FakeApp.ServeAsync(call => call.Response.WriteAsync($$"""{"id":{{JsonSerializer.Serialize(id)}},"state":"Running","jobs":1}"""));
        using var folder = new TemporaryFolder();
        var manifest = Path.Combine(folder.Path, "m.json");
        await File.WriteAllTextAsync(manifest, "{}");

        var result = await FakeApp.RunAsync(app, "run", manifest, "--yes", "--download", Path.Combine(folder.Path, "out"));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("which is none", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Errors);
        Assert.Single(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Download_ClimbingIdAndPathsAndMissingFiles_FetchesTheRestAndNamesEachMissingFile()
    {
        string[] paths = ["a/fox.png", "../../climbed.png", "gone.png", "a\u001b[2J.png"];
        var line = JsonSerializer.Serialize(new
        {
            id = "fox", n = 1, model = "m", state = "Succeeded", attempt = 1, outputs = paths.Select(path => new { path }),
        });
        await using var app = await FakeApp.ServeAsync(call => call.Request.Path.Value switch
        {
            "/api/batches/b-1" => call.Response.WriteAsync($$$"""{"id":"../../escaped","state":"Completed","jobs":{{{FakeApp.Counts}}},"credits":{}}"""),
            "/api/batches/b-1/results" => call.Response.WriteAsync(line),
            { } path when path.EndsWith("gone.png", StringComparison.Ordinal) => FakeApp.RefuseAsync(call, 404, "output_not_found", "There is no such file."),
            _ => call.Response.WriteAsync("content"),
        });
        using var folder = new TemporaryFolder();

        var result = await FakeApp.RunAsync(app, "download", "b-1", "--out", Path.Combine(folder.Path, "out"));

        Assert.Equal(1, result.ExitCode);
        result.HasNoStackTrace();
        Assert.Equal(
            ["a/fox.png", "errors.jsonl", "gallery.html", "results.csv", "results.jsonl", "summary.json"],
            Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Path.Combine(folder.Path, "out", "b-1"), file)).Order(StringComparer.Ordinal));
        Assert.Equal(3, result.Errors.Split('\n').Count(text => text.StartsWith("Missing: ", StringComparison.Ordinal)));
        Assert.Contains("Missing: gone.png: There is no such file.", result.Errors, StringComparison.Ordinal);
        Assert.Contains("clipiaflows download b-1 --out", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Output + result.Errors);
    }

    [Theory]
    [InlineData("other-port")]
    [InlineData("https")]
    public async Task List_RedirectToAnotherOrigin_KeepsTheFunctionKey(string kind)
    {
        var stolen = new ConcurrentQueue<string?>();
        await using var other = await FakeApp.ServeAsync(call =>
        {
            stolen.Enqueue(call.Request.Headers["x-functions-key"]);
            return call.Response.WriteAsync("""{"batches":[],"continuation":null}""");
        });
        var target = kind == "https" ? other.Urls.Single().Replace("http:", "https:", StringComparison.Ordinal) : other.Urls.Single();
        await using var app = await FakeApp.ServeAsync(call =>
        {
            call.Response.Redirect($"{target}/api/batches");
            return Task.CompletedTask;
        });

        var result = await FakeApp.RunAsync(app, "list");

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("redirects to", result.Errors, StringComparison.Ordinal);
        Assert.Empty(stolen);
    }

    [Fact]
    public async Task List_RedirectWithinTheApp_IsFollowed()
    {
        await using var app = await FakeApp.ServeAsync(call =>
        {
            if (call.Request.Path == "/api/batches")
                call.Response.Redirect("/api/batches2");
            return call.Response.WriteAsync("""{"batches":[],"continuation":null}""");
        });

        var result = await FakeApp.RunAsync(app, "list");

        Assert.Equal((0, "There are no batches."), (result.ExitCode, result.Output.Trim()));
    }

    [Fact]
    public async Task List_MoreThanTheLimit_SaysSoOnStandardError()
    {
        var batch = $$$"""{"id":"b-1","name":"fox\u001b[2J","state":"Running","jobs":{{{FakeApp.Counts}}},"credits":{}}""";
        await using var app = await FakeApp.ServeAsync(call => call.Response.WriteAsync($$"""{"batches":[{{batch}},{{batch}}],"continuation":null}"""));

        var result = await FakeApp.RunAsync(app, "list", "--limit", "1");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("1 batches shown, there are more", result.Errors, StringComparison.Ordinal);
        Assert.Contains("fox\\u001b[2J", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Output);
    }

    [Fact]
    public async Task List_RefusedTime_NamesTheOptionThatWasTyped()
    {
        await using var app = await FakeApp.ServeAsync(call => FakeApp.RefuseAsync(call, 400, "invalid_query", "Query parameter 'createdAfter' cannot be 'x'."));

        var result = await FakeApp.RunAsync(app, "list", "--after", "x");

        Assert.Equal((1, "--after cannot be 'x'."), (result.ExitCode, result.Errors.Trim()));
    }

    [Theory]
    [InlineData("resume b-1 --budget -5", "budgetCredits", "--budget cannot be")]
    [InlineData("retry b-1 --yes --budget -5", "budgetCredits", "--budget cannot be")]
    [InlineData("retry b-1 --price --job fox", "jobs", "--job cannot be")]
    [InlineData("cancel b-1 --abandon", "mode", "--abandon cannot be")]
    public async Task Command_RefusedArgument_NamesTheOptionThatWasTyped(string command, string field, string said)
    {
        await using var app = await FakeApp.ServeAsync(call => FakeApp.RefuseAsync(call, 400, "invalid_arguments", $"'/{field}' cannot be 7."));

        var result = await FakeApp.RunAsync(app, command.Split(' '));

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith(said, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(field, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_OperationThatIsRefusedLater_NamesTheOption()
    {
        await using var app = await FakeApp.ServeAsync(call => call.Response.WriteAsync(
            """{"id":"o","kind":"Resume","status":"Refused","code":"budget","message":"The budget is used up: resume with a higher budgetCredits."}"""));

        var result = await FakeApp.RunAsync(app, "resume", "b-1");

        Assert.Equal((1, "b-1: The budget is used up: resume with a higher --budget."), (result.ExitCode, result.Errors.Trim()));
    }

    [Fact]
    public async Task Status_JsonWithC1Characters_StaysJson()
    {
        await using var app = await FakeApp.ServeAsync(call => call.Response.WriteAsync(
            $$$"""{"id":"b-1","name":"fox\u009b2J","state":"Running","jobs":{{{FakeApp.Counts}}},"credits":{}}""".Replace("\\u009b", "\u009b", StringComparison.Ordinal)));

        var result = await FakeApp.RunAsync(app, "status", "b-1", "--json");

        Assert.Equal("fox\u009b2J", JsonElement.Parse(result.Output).GetProperty("name").GetString());
        Assert.DoesNotContain('\u009b', result.Output);
    }
}
