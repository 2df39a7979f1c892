using System.Text.Json.Nodes;

namespace ClipiaFlows.Infra.Tests.Bicep;

/// <summary>The templates in <c>infra/</c>, as they are or with a mistake planted in a copy of them.</summary>
internal sealed class Templates : IDisposable
{
    private static readonly Lazy<Task<JsonObject>> Compiled = new(CompileAsync);
    private readonly string _copy = Directory.CreateTempSubdirectory("clipiaflows-infra").FullName;

    public Templates()
    {
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(_copy, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public static string Folder { get; } = RepositoryFolder.Of("infra");

    public static IEnumerable<string> Files => Directory.EnumerateFiles(Folder, "*.bicep", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    /// <summary>The names of the modules' files.</summary>
    public static IEnumerable<string> Modules => Directory.EnumerateFiles(Path.Combine(Folder, "modules")).Select(file => Path.GetFileName(file));

    /// <summary>What <c>main.bicep</c> compiles to, with everything below it.</summary>
    public static Task<JsonObject> CompiledAsync() => Compiled.Value;

    public string Main => Path.Combine(_copy, "main.bicep");

    public string CopyOf(string file) => Path.Combine(_copy, Path.GetRelativePath(Folder, file));

    /// <summary>Replaces a text that occurs in the file.</summary>
    public Templates Plant(string file, string text, string mistake)
    {
        var path = Path.Combine(_copy, file);
        var content = File.ReadAllText(path);
        Assert.Contains(text, content, StringComparison.Ordinal);
        File.WriteAllText(path, content.Replace(text, mistake, StringComparison.Ordinal));
        return this;
    }

    /// <summary>What the copy compiles to.</summary>
    public async Task<JsonObject> BuildAsync()
    {
        var (output, diagnostics) = await BicepProgram.RunAsync("build", Main, "--stdout");
        Assert.True(output.Length > 0, string.Join('\n', diagnostics));
        return JsonNode.Parse(output)!.AsObject();
    }

    public void Dispose() => Directory.Delete(_copy, recursive: true);

    private static async Task<JsonObject> CompileAsync()
    {
        using var templates = new Templates();
        return await templates.BuildAsync();
    }
}
