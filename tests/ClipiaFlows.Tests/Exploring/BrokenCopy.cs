using System.Reflection;
using System.Runtime.Loader;
using ClipiaFlows.Production;
using ClipiaFlows.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ClipiaFlows.Tests.Exploring;

/// <summary>
/// The product with one mistake in it: compiled from its sources with one text replaced, and loaded beside the real one
/// together with a copy of these tests, which then explore it.
/// </summary>
internal sealed class BrokenCopy : AssemblyLoadContext, IDisposable
{
    private const string Product = "ClipiaFlows";
    private const string Sources = "src/ClipiaFlows";

    private const string SharedSources = "src/Shared";

    private const string AddedByTheSdk = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        [assembly: System.Runtime.CompilerServices.InternalsVisibleTo("ClipiaFlows.Tests")]
        """;

    private static readonly string[] GeneratorsInUse =
        ["Microsoft.Extensions.Logging.Generators", "System.Text.RegularExpressions.Generator", "System.Text.Json.SourceGeneration"];

    private static readonly CSharpParseOptions Language = new(LanguageVersion.Latest);
    private readonly Assembly _product;

    private BrokenCopy(Stream product)
        : base("broken copy", isCollectible: true) => _product = LoadFromStream(product);

    /// <summary>Compiles a copy.</summary>
    /// <param name="file">The source below <c>src/ClipiaFlows</c>.</param>
    /// <param name="find">The text that is replaced; it must stand there exactly once.</param>
    /// <param name="replacement">The mistake.</param>
    public static BrokenCopy Make(string file, string find, string replacement)
    {
        var trees = new List<SyntaxTree> { CSharpSyntaxTree.ParseText(AddedByTheSdk, Language) };
        foreach (var path in FilesOf(Sources).Concat(FilesOf(SharedSources)))
        {
            var name = Path.GetRelativePath(RepositoryFolder.Of(Sources), path).Replace('\\', '/');
            if (name.StartsWith("obj/", StringComparison.Ordinal) || name.StartsWith("bin/", StringComparison.Ordinal))
                continue;
            var source = File.ReadAllText(path);
            trees.Add(CSharpSyntaxTree.ParseText(name == file ? Break(source, file, find, replacement) : source, Language, path));
        }

        using var assembly = new MemoryStream();
        Compile(trees, assembly);
        assembly.Position = 0;
        return new BrokenCopy(assembly);
    }

    /// <summary>Explores the copy, and answers the first violation; <c>null</c> when nothing is found.</summary>
    public async Task<string?> ExploreAsync(string scenario, int depth, int stops)
    {
        var copyOfTests = LoadFromAssemblyPath(typeof(BrokenCopy).Assembly.Location);
        var explore = copyOfTests.GetType(typeof(BrokenCopyExploration).FullName!)!.GetMethod(nameof(BrokenCopyExploration.ExploreAsync))!;
        return await (Task<string?>)explore.Invoke(null, [scenario, depth, stops])!;
    }

    public void Dispose() => Unload();

    protected override Assembly? Load(AssemblyName assemblyName) => assemblyName.Name == Product ? _product : null;

    private static IEnumerable<string> FilesOf(string folder) =>
        Directory.EnumerateFiles(RepositoryFolder.Of(folder), "*.cs", SearchOption.AllDirectories);

    private static string Break(string source, string file, string find, string replacement)
    {
        var found = source.Split(find).Length - 1;
        Assert.True(found == 1, $"{file} has {found} places for the mistake and must have one; it has changed. Sought was:\n{find}");
        return source.Replace(find, replacement, StringComparison.Ordinal);
    }

    private static void Compile(List<SyntaxTree> trees, Stream assembly)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileNameWithoutExtension(path) != Product)
            .Select(path => MetadataReference.CreateFromFile(path));
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable);
        Compilation compilation = CSharpCompilation.Create(Product, trees, references, options);
        CSharpGeneratorDriver.Create(Generators(), parseOptions: Language).RunGeneratorsAndUpdateCompilation(compilation, out compilation, out _);
        var real = typeof(Advance).Assembly;
        var resources = real.GetManifestResourceNames().Select(name => new ResourceDescription(name, () => real.GetManifestResourceStream(name)!, isPublic: true));
        var result = compilation.Emit(assembly, manifestResources: resources);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics.Where(one => one.Severity is DiagnosticSeverity.Error).Take(5)));
    }

    private static IEnumerable<ISourceGenerator> Generators()
    {
        var packs = typeof(BrokenCopy).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "TargetingPacks").Value!;
        return new[] { "Microsoft.NETCore.App.Ref", "Microsoft.AspNetCore.App.Ref" }
            .Select(pack => Directory.EnumerateDirectories(Path.Combine(packs, pack), $"{Environment.Version.Major}.*").Order(StringComparer.Ordinal).Last())
            .SelectMany(pack => Directory.EnumerateFiles(Path.Combine(pack, "analyzers/dotnet/cs"), "*.dll"))
            .Where(path => GeneratorsInUse.Contains(Path.GetFileNameWithoutExtension(path)))
            .SelectMany(path => new AnalyzerFileReference(path, new Loader()).GetGenerators(LanguageNames.CSharp));
    }

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => Default.LoadFromAssemblyPath(fullPath);
    }
}
