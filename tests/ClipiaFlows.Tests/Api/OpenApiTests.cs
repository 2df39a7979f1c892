using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using ClipiaFlows.Functions;
using ClipiaFlows.Production;
using ClipiaFlows.Tests.Support;
using Microsoft.Azure.Functions.Worker;

namespace ClipiaFlows.Tests.Api;

/// <summary>The description of the HTTP API says what the functions are.</summary>
public sealed partial class OpenApiTests
{
    private static readonly string[] Methods = ["get", "post", "put", "patch", "delete"];
    private static readonly JsonElement Document = Read();

    [Fact]
    public void Description_AndFunctions_NameTheSameOperations() => Assert.Equal(
        Functions().Select(function => function.Text).Order(StringComparer.Ordinal),
        Operations().Select(operation => operation.Text).Order(StringComparer.Ordinal));

    [Fact]
    public void Description_OfAnonymousFunctions_WantsNoKeyAndOfOthersDoes() => Assert.All(Operations(), operation =>
        Assert.Equal(
            Functions().Single(function => function.Text == operation.Text).Level == AuthorizationLevel.Anonymous,
            operation.Json.TryGetProperty("security", out var none) && none.GetArrayLength() == 0));

    [Fact]
    public void Description_PathParameters_AreThoseOfThePath() => Assert.All(Operations(), operation => Assert.Equal(
        PathParameter().Matches(operation.Path).Select(match => match.Groups[1].Value),
        operation.Json.TryGetProperty("parameters", out var all)
            ? all.EnumerateArray().Where(one => one.GetProperty("in").GetString() == "path").Select(one => one.GetProperty("name").GetString())
            : []));

    [Fact]
    public void Description_StatesAndReferences_AreThoseThatThereAre()
    {
        var schemas = Document.GetProperty("components").GetProperty("schemas");
        Assert.Equal(Enum.GetNames<JobState>(), Names("JobState"));
        Assert.Equal(Enum.GetNames<BatchState>(), Names("BatchState"));
        Assert.All(Reference().Matches(Document.GetRawText()), match => Assert.True(schemas.TryGetProperty(match.Groups[1].Value, out _), match.Value));
        Assert.Equal("3.1.0", Document.GetProperty("openapi").GetString());

        IEnumerable<string?> Names(string schema) => schemas.GetProperty(schema).GetProperty("enum").EnumerateArray().Select(name => name.GetString());
    }

    [Fact]
    public void Description_ProblemCodes_AreThoseThatTheSourcesAnswer()
    {
        var sources = new[] { "src/ClipiaFlows.Functions", "src/ClipiaFlows/Production/Commands" }
            .SelectMany(folder => Directory.GetFiles(RepositoryFolder.Of(folder), "*.cs"))
            .SelectMany(file => Code().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value);

        Assert.Equal(
            sources.Append(PauseReasons.Budget).Distinct().Order(StringComparer.Ordinal),
            Document.GetProperty("components").GetProperty("schemas").GetProperty("Problem").GetProperty("properties").GetProperty("code")
                .GetProperty("examples").EnumerateArray().Select(code => code.GetString()!).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<(string Text, AuthorizationLevel Level)> Functions() =>
        from type in typeof(BatchEndpoints).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static)
        let name = method.GetCustomAttribute<FunctionAttribute>()?.Name
        where name is not null
        from parameter in method.GetParameters()
        let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
        where trigger is not null
        from verb in trigger.Methods!
        // HEAD is answered wherever GET is, and described nowhere but at the top.
        where verb != "head" || !trigger.Methods!.Contains("get")
        select ($"{verb.ToLowerInvariant()} /{trigger.Route!.Replace("{*", "{", StringComparison.Ordinal)} {name}", trigger.AuthLevel);

    private static IEnumerable<(string Text, string Path, JsonElement Json)> Operations() =>
        from path in Document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        where Methods.Contains(operation.Name)
        select ($"{operation.Name} {path.Name} {operation.Value.GetProperty("operationId").GetString()}", path.Name, operation.Value);

    private static JsonElement Read()
    {
        using var stream = typeof(BatchEndpoints).Assembly.GetManifestResourceStream("openapi.json")!;
        return JsonSerializer.Deserialize<JsonElement>(stream);
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathParameter();

    /// <summary>Codes are the only texts in these files that are words with lines between them.</summary>
    [GeneratedRegex("\"([a-z]+(?:_[a-z]+)+)\"")]
    private static partial Regex Code();

    [GeneratedRegex("#/components/schemas/([A-Za-z]+)")]
    private static partial Regex Reference();
}
