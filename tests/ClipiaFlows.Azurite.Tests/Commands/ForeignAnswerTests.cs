using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClipiaFlows.Azurite.Tests.Commands;

/// <summary>CLIPIAFLOWS_URL leads to something else that answers, such as another program on that port.</summary>
public sealed class ForeignAnswerTests
{
    [Theory]
    [InlineData("<html>Welcome</html>")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[7]")]
    [InlineData("""{"batches":7,"jobs":"all","id":null,"continuation":3}""")]
    public async Task AnyCommand_AnswerOfAnotherProgram_SaysSoInOneSentenceAndExitsWithThree(string answer)
    {
        await using var other = await AnswerAsync(answer);
        using var folder = new TemporaryFolder();
        var manifest = Path.Combine(folder.Path, "manifest.json");
        await File.WriteAllTextAsync(manifest, """{"jobs":[{"id":"fox","model":"nano-banana-2","input":{"prompt":"A fox"}}]}""");
        string[][] commands =
        [
            ["list"], ["jobs", "b"], ["status", "b"], ["job", "b", "fox"], ["results", "b"], ["gallery", "b"], ["download", "b"],
            ["pause", "b"], ["retry", "b", "--price"], ["plan", manifest], ["run", manifest, "--yes", "--detach"],
        ];

        foreach (var command in commands)
        {
            var result = await CliProcess.RunAsync(command, environment => environment["CLIPIAFLOWS_URL"] = other.Urls.Single());

            result.HasNoStackTrace();
            Assert.True(result.ExitCode == 3, $"{command[0]} ended with {result.ExitCode}: {result.Output}{result.Errors}");
            Assert.Contains("is not a ClipiaFlows app", result.Errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("<html>Not here</html>")]
    [InlineData("""{"error":{"type":"invalid_request_error","code":"not_found","message":"Not here"}}""")]
    public async Task List_AnotherProgramHasNoSuchPath_SaysSoAndExitsWithThree(string answer)
    {
        await using var other = await AnswerAsync(answer, status: 404);

        var result = await CliProcess.RunAsync(["list"], environment => environment["CLIPIAFLOWS_URL"] = other.Urls.Single());

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("is not a ClipiaFlows app", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_RefusedWithJson_PrintsTheRefusalForMachines()
    {
        const string refusal = """{"status":400,"code":"manifest_invalid","title":"The manifest cannot be run.","problems":[{"pointer":"/jobs","message":"There are no jobs."}]}""";
        await using var app = await AnswerAsync(refusal, status: 400);
        using var folder = new TemporaryFolder();
        var manifest = Path.Combine(folder.Path, "manifest.json");
        await File.WriteAllTextAsync(manifest, "{}");

        var result = await CliProcess.RunAsync(["plan", manifest, "--json"], environment => environment["CLIPIAFLOWS_URL"] = app.Urls.Single());

        Assert.Equal((1, refusal), (result.ExitCode, result.Output.Trim()));
        Assert.Contains("/jobs: There are no jobs.", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_AnswerIsCutOff_SaysSoAndExitsWithThree()
    {
        await using var app = await AnswerAsync("""{"id":"fox","n":0,"model":""", announced: 1000);

        var result = await CliProcess.RunAsync(["results", "b"], environment => environment["CLIPIAFLOWS_URL"] = app.Urls.Single());

        result.HasNoStackTrace();
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("cut off", result.Errors, StringComparison.Ordinal);
    }

    private static async Task<WebApplication> AnswerAsync(string answer, long? announced = null, int status = 200)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var other = builder.Build();
        other.Run(async call =>
        {
            call.Response.StatusCode = status;
            call.Response.ContentLength = announced;
            await call.Response.WriteAsync(answer);
            await call.Response.Body.FlushAsync();
        });
        await other.StartAsync();
        return other;
    }
}
