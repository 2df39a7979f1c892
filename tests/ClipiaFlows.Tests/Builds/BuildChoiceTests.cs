using System.Diagnostics;
using System.Text.Json;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Builds;

/// <summary>Which build a command makes, as MSBuild itself evaluates the app's project.</summary>
public sealed class BuildChoiceTests
{
    [Theory]
    [InlineData("", "local")]
    [InlineData("-p:_IsPublishing=true", "azure")]
    [InlineData("-p:FunctionsRuntime=azure", "azure")]
    [InlineData("-p:_IsPublishing=true -p:FunctionsRuntime=local", "local")]
    public async Task App_IsBuiltFor_AndInFoldersOfItsOwn(string arguments, string runtime)
    {
        using var app = await EvaluateAsync(arguments);

        var properties = app.RootElement.GetProperty("Properties");
        Assert.Equal(runtime, properties.GetProperty("FunctionsRuntime").GetString());
        Assert.Contains($"/obj/{runtime}/", Folder(properties, "IntermediateOutputPath"), StringComparison.Ordinal);
        Assert.Contains($"/bin/{runtime}/", Folder(properties, "OutputPath"), StringComparison.Ordinal);
        Assert.Equal(runtime == "local", References(app, "ProjectReference").Any(IsOfTheLocalRuntime));
        Assert.Equal(runtime == "azure", References(app, "PackageReference").Contains("Microsoft.Azure.Functions.Worker.Sdk"));
    }

    private static bool IsOfTheLocalRuntime(string reference) => reference.Contains("LocalRuntime", StringComparison.Ordinal);

    private static string Folder(JsonElement properties, string name) =>
        properties.GetProperty(name).GetString()!.Replace('\\', '/');

    private static List<string> References(JsonDocument app, string kind) =>
        [.. app.RootElement.GetProperty("Items").GetProperty(kind).EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!)];

    private static async Task<JsonDocument> EvaluateAsync(string arguments)
    {
        var project = RepositoryFolder.Of("src/ClipiaFlows.Functions/ClipiaFlows.Functions.csproj");
        var start = new ProcessStartInfo("dotnet", $"msbuild \"{project}\" -nologo {arguments} -getProperty:FunctionsRuntime,IntermediateOutputPath,OutputPath -getItem:ProjectReference,PackageReference")
        {
            RedirectStandardOutput = true,
        };
        // The test runner's own choices must not reach it.
        start.Environment.Remove("FunctionsRuntime");
        start.Environment.Remove("MSBUILD_EXE_PATH");
        start.Environment.Remove("MSBuildSDKsPath");
        using var msbuild = Process.Start(start)!;
        var output = await msbuild.StandardOutput.ReadToEndAsync();
        await msbuild.WaitForExitAsync();
        return JsonDocument.Parse(output);
    }
}
