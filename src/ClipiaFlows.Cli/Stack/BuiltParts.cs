using System.Reflection;

namespace ClipiaFlows.Cli.Stack;

/// <summary>Where the build put the programs that the stack starts; written into this assembly by its project file.</summary>
internal static class BuiltParts
{
    public static string App => PathOf("ClipiaFlows.Functions");

    public static string Emulator => PathOf("Clipia.Emulator");

    private static string PathOf(string part)
    {
        var path = typeof(BuiltParts).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(attribute => attribute.Key == $"StackPart:{part}")?.Value;
        return File.Exists(path)
            ? path
            : throw new StackException($"{part}.dll is not where it was built ({path}); build ClipiaFlows.Cli again.");
    }
}
