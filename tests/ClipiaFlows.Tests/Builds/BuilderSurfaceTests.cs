using System.Reflection;
using System.Runtime.Loader;
using Microsoft.Azure.Functions.Worker.Builder;

namespace ClipiaFlows.Tests.Builds;

/// <summary>
/// The local runtime declares the program's entrance itself, under the genuine names. What it shows there must be declared
/// by the genuine assemblies in the same words, or the azure build would not compile what the local one does.
/// </summary>
public sealed class BuilderSurfaceTests
{
    [Fact]
    public void LocalBuilder_ShowsNothingThatTheGenuineAssembliesDoNot()
    {
        var ours = typeof(FunctionsApplicationBuilder).Assembly.GetExportedTypes()
            .Where(type => type.Namespace!.StartsWith("Microsoft.", StringComparison.Ordinal))
            .ToList();
        var genuine = GenuineAssemblies().SelectMany(assembly => assembly.GetExportedTypes()).ToDictionary(type => type.FullName!);

        Assert.Equal(4, ours.Count);
        Assert.Empty(Surface.Of(ours).Except(Surface.Of(ours.Select(type => genuine[type.FullName!]))));
        Assert.All(ours, type => Assert.Equal(Shape(genuine[type.FullName!]), Shape(type)));
    }

    // Beside ours, which bear the same names; what they need of others is here already.
    private static IEnumerable<Assembly> GenuineAssemblies()
    {
        var genuine = new AssemblyLoadContext("genuine");
        return typeof(BuilderSurfaceTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Where(each => each.Key == "GenuineAssembly")
            .Select(each => genuine.LoadFromAssemblyPath(each.Value!));
    }

    private static (bool Abstract, bool Sealed, string? Base, string Interfaces) Shape(Type type) => (
        type.IsAbstract,
        type.IsSealed,
        type.BaseType?.FullName,
        string.Join(", ", type.GetInterfaces().Select(each => each.FullName).Order(StringComparer.Ordinal)));
}
