using System.Text.Json;
using System.Text.Json.Nodes;
using ClipiaFlows.Manifests;
using Json.Schema;

namespace ClipiaFlows.Tests.Manifests;

/// <summary>A validator of JSON Schema and the reader, on the same manifests.</summary>
public sealed class SchemaAgreementTests
{
    private const string Whole =
        """
        {"$schema":"./manifest.schema.json","version":1,"id":"spring","name":"n","tags":{"a":"b"},
         "defaults":{"model":"m","input":{"prompt":"p"},"output":{"path":"{{job}}.{{ext}}"}},
         "matrix":{"tea":["Green","Mint"],"size":[1,2.5,true],"include":[{"tea":"Mint","tint":"red"}],"exclude":[{"size":1}]},
         "jobs":[{"id":"a","model":"m","input":{"x":[1]},"needs":["b"],"count":2,"priority":-3,"output":{"path":"x.{{ext}}"}},{"id":"b"}],
         "policy":{"maxConcurrency":3,"budgetCredits":10.5,"onBudget":"stop","deadline":"PT2H","jobDeadline":"PT20M","retries":1,
                   "toleratedFailurePercent":5,"toleratedFailureCount":3,"approval":{"sample":2},"reuse":"batch"},
         "notify":[{"queue":true},{"webhook":"https://hooks.example/x"},{"eventGrid":true}]}
        """;

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "1", "1.0", "2e0", "-1", "7", "1001", "100001", "0.5", "1e12", "\"\"", "\"a\"", "\"PT1H\"", "\"pause\"", "\"batch\"", "\"never\"",
        "\"2999-01-01T00:00:00Z\"", "\"A B\"", "[]", "[1]", "[\"a\"]", "[{}]", "{}", "{\"a\":1}", "{\"model\":\"x\"}", "{\"sample\":1}", "{\"queue\":true}",
    ];

    private static readonly string[] Names =
        ["id", "name", "model", "input", "jobs", "count", "x", "include", "sample", "queue", "batch", "webhook", "a b", "retries"];

    private static readonly JsonSchema Schema = Parse();

    [Fact]
    public void Whole_Manifest_IsFineForBoth()
    {
        Assert.True(IsValid(JsonNode.Parse(Whole)!));
        Assert.Empty(ManifestReader.Read(JsonSerializer.SerializeToUtf8Bytes(JsonNode.Parse(Whole))).Problems);
    }

    [Fact]
    public void Length_OfEmojis_IsCountedByBothInCharacters()
    {
        foreach (var (count, isFine) in new[] { (200, true), (201, false) })
        {
            var manifest = JsonNode.Parse(Whole)!;
            manifest["name"] = string.Concat(Enumerable.Repeat("\U0001F98A", count));
            Assert.Equal((isFine, isFine), (IsValid(manifest), ManifestReader.Read(JsonSerializer.SerializeToUtf8Bytes(manifest)).Problems.Count == 0));
        }
    }

    [Fact]
    public void BrokenShapes_All_AreFineForTheSchemaOnlyWhereItCannotTell()
    {
        foreach (var (_, _, manifest) in BrokenShapes.All.Where(broken => broken.Code != ProblemCodes.DuplicateField))
            Compare(JsonNode.Parse(manifest));
    }

    [Fact]
    public void Mutations_OfTheWhole_AreAcceptedByBothOrRefusedByBoth()
    {
        var random = new Random(20260323);
        var refused = 0;
        foreach (var _ in Enumerable.Range(0, 1500))
        {
            var manifest = JsonNode.Parse(Whole)!;
            for (var times = random.Next(1, 3); times > 0; times--)
                Mutate(manifest, random);
            refused += Compare(manifest) ? 0 : 1;
        }

        Assert.InRange(refused, 300, 1450);
    }

    private static bool Compare(JsonNode? manifest)
    {
        var text = manifest?.ToJsonString() ?? "null";
        var isValid = IsValid(manifest);
        var problems = ManifestReader.Read(System.Text.Encoding.UTF8.GetBytes(text)).Problems;

        if (!isValid)
            Assert.True(problems.Count > 0, $"The schema refuses what the reader takes: {text}");
        else
            Assert.All(problems, problem => Assert.True(IsBeyondSchema(problem), $"The schema takes what the reader refuses: {problem} in {text}"));
        return problems.Count == 0;
    }

    /// <summary>What a schema cannot say, or could only at the price of being unreadable.</summary>
    private static bool IsBeyondSchema(ManifestProblem problem) =>
        problem is { Code: ProblemCodes.MissingField } && problem.Pointer.EndsWith("/model", StringComparison.Ordinal)
        || problem.Code is ProblemCodes.DuplicateValue
        || problem is { Code: ProblemCodes.BadValue, Pointer: "/policy/deadline" or "/policy/jobDeadline" or "/name" }
        // '$' of .NET's expressions, which the validator uses, also stands before a last line break.
        || problem.Value?.EndsWith('\n') == true
        || problem.Pointer.EndsWith("/webhook", StringComparison.Ordinal);

    private static void Mutate(JsonNode root, Random random)
    {
        var all = new List<JsonNode>();
        Collect(root, all);
        var value = JsonNode.Parse(Values[random.Next(Values.Length)]);
        switch (all[random.Next(all.Count)])
        {
            case JsonObject owner when owner.Count > 0 && random.Next(3) > 0:
                var name = owner.ElementAt(random.Next(owner.Count)).Key;
                if (random.Next(3) == 0)
                    owner.Remove(name);
                else
                    owner[name] = value;
                break;
            case JsonObject owner:
                owner[Names[random.Next(Names.Length)]] = value;
                break;
            case JsonArray list when list.Count > 0 && random.Next(2) == 0:
                list[random.Next(list.Count)] = value;
                break;
            case JsonArray list:
                list.Add(value);
                break;
        }
    }

    private static void Collect(JsonNode? node, List<JsonNode> all)
    {
        if (node is not (JsonObject or JsonArray))
            return;
        all.Add(node);
        foreach (var child in node is JsonObject owner ? owner.Select(member => member.Value) : (JsonArray)node)
            Collect(child, all);
    }

    private static bool IsValid(JsonNode? manifest) =>
        Schema.Evaluate(JsonSerializer.SerializeToElement(manifest)).IsValid;

    private static JsonSchema Parse()
    {
        using var stream = new StreamReader(ManifestSchema.Open());
        return JsonSchema.FromText(stream.ReadToEnd());
    }
}
