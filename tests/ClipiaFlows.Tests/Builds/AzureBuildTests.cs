using System.Diagnostics;
using System.Text.Json;
using ClipiaFlows.Functions;
using ClipiaFlows.LocalRuntime.Hosting.Discovery;
using ClipiaFlows.LocalRuntime.Hosting.Startup;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Builds;

/// <summary>The app as it is deployed: compiled against the genuine worker, its functions found by the genuine SDK.</summary>
public sealed class AzureBuildTests
{
    [Fact]
    public async Task AzureBuild_OfTheSameSources_HasTheFunctionsOfTheLocalBuildAndNothingElseOfIt()
    {
        var log = await BuildAsync();

        var output = RepositoryFolder.Of("src/ClipiaFlows.Functions/bin/azure/Debug/net10.0");
        var files = Directory.GetFiles(output).Select(Path.GetFileName).ToList();
        Assert.True(files.Contains("functions.metadata"), log);
        Assert.Contains("Microsoft.Azure.Functions.Worker.dll", files);
        Assert.DoesNotContain("ClipiaFlows.LocalRuntime.dll", files);
        Assert.DoesNotContain("Microsoft.Data.Sqlite.dll", files);
        Assert.Contains("DurableTask", await File.ReadAllTextAsync(Path.Combine(output, "extensions.json")), StringComparison.Ordinal);
        Assert.Equal(FoundByTheLocalRuntime(), FoundByTheGenuineSdk(Path.Combine(output, "functions.metadata")));

        var published = await PublishedFilesAsync();
        Assert.Contains("ClipiaFlows.Functions.dll", published);
        Assert.Contains("host.json", published);
        Assert.DoesNotContain(published, file => Path.GetExtension(file) is ".pdb" or ".xml");
    }

    // Its trigger and entry point for every function, as the local runtime finds them.
    private static List<string> FoundByTheLocalRuntime()
    {
        var problems = new Problems();
        var functions = new FunctionFinder(problems).Find(typeof(BatchEndpoints).Assembly, _ => true);
        Assert.Empty(problems.Errors);
        return [.. functions.Select(function => $"{function.Name} {TriggerName.Of(function.Trigger)} {function.Definition.EntryPoint}").Order(StringComparer.Ordinal)];
    }

    private static List<string> FoundByTheGenuineSdk(string metadata)
    {
        using var functions = JsonDocument.Parse(File.ReadAllText(metadata));
        return [.. functions.RootElement.EnumerateArray().Select(Describe).Order(StringComparer.Ordinal)];
    }

    private static string Describe(JsonElement function)
    {
        var trigger = function.GetProperty("bindings").EnumerateArray()
            .Select(binding => binding.GetProperty("type").GetString()!)
            .Single(type => type.EndsWith("Trigger", StringComparison.Ordinal));
        return $"{function.GetProperty("name").GetString()} {trigger} {function.GetProperty("entryPoint").GetString()}";
    }

    private static Task<string> BuildAsync() => RunAsync("build", "-v:q");

    private static async Task<List<string>> PublishedFilesAsync()
    {
        using var items = JsonDocument.Parse(
            await RunAsync("msbuild", "-t:ComputeResolvedFilesToPublishList", "-getItem:ResolvedFileToPublish"));
        return [.. items.RootElement.GetProperty("Items").GetProperty("ResolvedFileToPublish").EnumerateArray()
            .Select(item => item.GetProperty("RelativePath").GetString()!)];
    }

    private static async Task<string> RunAsync(string command, params string[] arguments)
    {
        // Servers that outlive the build would hold its output open.
        var start = new ProcessStartInfo("dotnet", [
            command, RepositoryFolder.Of("src/ClipiaFlows.Functions/ClipiaFlows.Functions.csproj"), "-p:Configuration=Debug",
            "-p:FunctionsRuntime=azure", "-p:UseSharedCompilation=false", "-nodeReuse:false", "-tl:off", "-nologo", .. arguments])
        {
            RedirectStandardOutput = true,
        };
        // The test runner's own choices must not reach it.
        foreach (var name in new[] { "FunctionsRuntime", "MSBUILD_EXE_PATH", "MSBuildSDKsPath", "MSBuildExtensionsPath" })
            start.Environment.Remove(name);
        using var build = Process.Start(start)!;
        var log = await build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync();
        Assert.True(build.ExitCode == 0, log);
        return log;
    }
}
