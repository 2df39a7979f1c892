using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace ClipiaFlows.Infra.Tests.Hosting;

public sealed class HostJsonTests
{
    private static readonly JsonSchema Schema =
        JsonSchema.FromText(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Hosting", "host.schema.json")));

    private static JsonObject File_ => JsonNode.Parse(File.ReadAllText(RepositoryFolder.Of("host.json")))!.AsObject();

    private static JsonNode DurableTask => File_["extensions"]!["durableTask"]!;

    [Fact]
    public void File_FollowsItsSchema() => Assert.Empty(ProblemsOf(File_));

    [Theory]
    [InlineData("misspelt setting", "maxConcurrentActivityFunctions", "maxConcurrentActivities")]
    [InlineData("unknown value", "\"CurrentOrOlder\"", "\"CurrentOrNewer\"")]
    [InlineData("wrong type", "\"partitionCount\":4", "\"partitionCount\":\"four\"")]
    [InlineData("out of range", "\"partitionCount\":4", "\"partitionCount\":17")]
    [InlineData("missing setting", "\"hubName\":\"ClipiaFlows\",", "")]
    [InlineData("not a time", "00:00:02", "2 seconds")]
    [InlineData("visibility timeout below a minute", "\"workItemQueueVisibilityTimeout\":\"00:01:00\"", "\"workItemQueueVisibilityTimeout\":\"00:00:30\"")]
    [InlineData("visibility timeout of the provider", "\"controlQueueVisibilityTimeout\":\"00:01:00\"", "\"controlQueueVisibilityTimeout\":\"00:05:00\"")]
    [InlineData("missing visibility timeout", "\"workItemQueueVisibilityTimeout\":\"00:01:00\",", "")]
    [InlineData("default log level", "\"logLevel\":{", "\"logLevel\":{\"default\":\"Information\",")]
    [InlineData("default log level in other case", "\"logLevel\":{", "\"logLevel\":{\"Default\":\"Warning\",")]
    [InlineData("verbose durable log", "\"DurableTask\":\"Warning\"", "\"DurableTask\":\"Information\"")]
    [InlineData("missing durable log level", "\"Host.Triggers.DurableTask\":\"Warning\"", "\"Host.Triggers.Warmup\":\"Warning\"")]
    public void File_WithAMistake_DoesNot(string mistake, string text, string other)
    {
        var json = File_.ToJsonString();
        Assert.Contains(text, json, StringComparison.Ordinal);

        var problems = ProblemsOf(JsonNode.Parse(json.Replace(text, other, StringComparison.Ordinal))!.AsObject());

        Assert.True(problems.Count > 0, $"A {mistake} was not found.");
    }

    [Fact]
    public void PollingInterval_IsTwoSecondsAtMost() => Assert.InRange(
        TimeSpan.Parse(DurableTask["storageProvider"]!["maxQueuePollingInterval"]!.GetValue<string>(), null),
        TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));

    /// <summary>Inputs and outputs are small, but nobody should have to rely on that.</summary>
    [Fact]
    public void Tracing_KeepsInputsAndOutputsOut() => Assert.False(DurableTask["tracing"]!["traceInputsAndOutputs"]!.GetValue<bool>());

    /// <summary>host.json can hold no comments, so the handbook says of each setting why it is as it is.</summary>
    [Fact]
    public void Handbook_ExplainsEverySettingOfDurableTask()
    {
        var handbook = File.ReadAllText(RepositoryFolder.Of("docs/operations.md"));
        var settings = DurableTask.AsObject().SelectMany(setting => setting.Value is JsonObject section ? section.Select(inner => inner.Key) : [setting.Key]);

        Assert.All(settings, setting => Assert.Contains($"`{setting}`", handbook, StringComparison.Ordinal));
    }

    private static List<string> ProblemsOf(JsonObject file)
    {
        using var document = JsonDocument.Parse(file.ToJsonString());
        var result = Schema.Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        return result.IsValid
            ? []
            : [.. (result.Details ?? []).SelectMany(detail => detail.Errors ?? new Dictionary<string, string>()).Select(error => error.Value)];
    }
}
