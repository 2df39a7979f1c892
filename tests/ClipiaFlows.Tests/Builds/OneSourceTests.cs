using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using ClipiaFlows.Functions;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Builds;

/// <summary>No line of the product knows which build it is in (docs/two-builds.md); one pair of files is the exception.</summary>
public sealed partial class OneSourceTests
{
    private const string LocalRuntime = "ClipiaFlows.LocalRuntime";

    // Declared by the local runtime under the names of the genuine libraries.
    private static readonly string[] GenuineNames =
    [
        "Microsoft.Azure.Functions.Worker.Builder.FunctionsApplication",
        "Microsoft.Azure.Functions.Worker.Builder.FunctionsApplicationBuilder",
        "Microsoft.Azure.Functions.Worker.Builder.FunctionsApplicationBuilderAspNetCoreExtensions",
    ];

    [Fact]
    public void Sources_HaveNoConditionalCodeAndNoNameOfTheLocalRuntime()
    {
        var sources = Sources();

        Assert.True(sources.Count > 100, "The sources were not found.");
        Assert.Empty(sources.Where(source => TellsTheBuilds().IsMatch(source.Text)).Select(source => source.Path));
    }

    [Fact]
    public void TelemetryFiles_AreOnePairWithOneEntrance()
    {
        var pair = Directory.GetFiles(RepositoryFolder.Of("src/ClipiaFlows.Functions"), "*.*.cs").Select(Path.GetFileName);

        Assert.Equal(["Telemetry.azure.cs", "Telemetry.local.cs"], pair.Order(StringComparer.Ordinal));
        Assert.All(
            Directory.GetFiles(RepositoryFolder.Of("src/ClipiaFlows.Functions"), "Telemetry.*.cs"),
            path => Assert.Contains("public static void AddTelemetry(this IHostApplicationBuilder builder)", File.ReadAllText(path), StringComparison.Ordinal));
    }

    [Fact]
    public void App_UsesOfTheLocalRuntimeOnlyWhatBearsAGenuineName() =>
        Assert.Equal(GenuineNames, TypesUsed(typeof(BatchEndpoints).Assembly.Location));

    [Fact]
    public void Product_DoesNotKnowTheLocalRuntime() =>
        Assert.Empty(TypesUsed(typeof(ClipiaFlowsServices).Assembly.Location));

    private static List<(string Path, string Text)> Sources() =>
    [
        .. new[] { "src/ClipiaFlows", "src/ClipiaFlows.Functions" }
            .SelectMany(folder => Directory.GetFiles(RepositoryFolder.Of(folder), "*.cs", SearchOption.AllDirectories))
            .Where(path => !Made().IsMatch(path) && Path.GetFileName(path) != "Telemetry.local.cs")
            .Select(path => (path, File.ReadAllText(path))),
    ];

    private static string[] TypesUsed(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        return
        [
            .. metadata.TypeReferences
                .Select(metadata.GetTypeReference)
                .Where(type => type.ResolutionScope.Kind is HandleKind.AssemblyReference
                    && metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name) == LocalRuntime)
                .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}")
                .Order(StringComparer.Ordinal),
        ];
    }

    [GeneratedRegex(@"^\s*#\s*(if|elif|else|define)\b|ClipiaFlows\.LocalRuntime|FunctionsRuntime", RegexOptions.Multiline)]
    private static partial Regex TellsTheBuilds();

    [GeneratedRegex(@"[\\/](obj|bin)[\\/]")]
    private static partial Regex Made();
}
