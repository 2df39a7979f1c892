using System.Text.Json;
using System.Text.Json.Serialization;
using ClipiaFlows.LocalRuntime.Durable.Execution;
using ClipiaFlows.LocalRuntime.Tests.Support;
using ClipiaFlows.Tests.Support;

namespace ClipiaFlows.Tests.Replay;

/// <summary>What one execution of a flow left in the state's file, and how it stood then.</summary>
/// <param name="Flow">The orchestrator's durable name.</param>
/// <param name="InstanceId">The instance.</param>
/// <param name="Input">JSON.</param>
/// <param name="Status">Running for a history that goes on.</param>
/// <param name="Events">Everything that happened and was asked for, in order.</param>
internal sealed record RecordedHistory(string Flow, string InstanceId, string? Input, string Status, IReadOnlyList<HistoryEvent> Events)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Converters = { new JsonStringEnumConverter<EventKind>() },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>In the sources: one folder per release, and <c>unreleased</c>.</summary>
    public static string Folder { get; } = RepositoryFolder.Of("tests/ClipiaFlows.Tests/Replay/Histories");

    /// <summary>Relative to <see cref="Folder"/>.</summary>
    public static IEnumerable<string> Files() => Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/'))
        .Order(StringComparer.Ordinal);

    public static RecordedHistory Read(string file) =>
        JsonSerializer.Deserialize<RecordedHistory>(File.ReadAllText(Path.Combine(Folder, file)), Json)!;

    public static RecordedHistory Of(EngineHarness engine, string instanceId)
    {
        var key = (long)engine.Sql($"SELECT key FROM instances WHERE id = '{instanceId}'")!;
        return engine.Store.Read(session =>
        {
            var row = session.Instance(key)!;
            return new RecordedHistory(row.Name, row.Id, row.Input, row.Status.ToString(), session.History(key));
        });
    }

    public void Write(string file)
    {
        var path = Path.Combine(Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // Stack traces tell where the repository lies on this machine, which is nobody's business.
        var text = JsonSerializer.Serialize(this, Json).Replace(RepositoryFolder.Of(""), "", StringComparison.Ordinal);
        File.WriteAllText(path, text + "\n");
    }
}
