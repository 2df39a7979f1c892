using ClipiaFlows.LocalRuntime.Durable.Execution;
using ClipiaFlows.LocalRuntime.Tests.Support;
using ClipiaFlows.Notifications;
using ClipiaFlows.Production;

namespace ClipiaFlows.Tests.Replay;

/// <summary>
/// Instances live longer than versions of the app: what an earlier one recorded, today's code must replay (docs/histories.md).
/// </summary>
public sealed class RecordedHistoryTests
{
    private const string Unreleased = "unreleased";

    public static TheoryData<string> Recorded() => [.. RecordedHistory.Files()];

    public static TheoryData<string> Cases() => [.. HistoryCases.All.Keys];

    [Theory, MemberData(nameof(Recorded))]
    public void Replay_RecordedHistory_IsWhatTodaysCodeDoes(string file) => Assert.Null(FlowReplay.Try(RecordedHistory.Read(file)));

    [Theory, MemberData(nameof(Recorded))]
    public void Replay_HistoryBrokenOnPurpose_IsFound(string file)
    {
        var history = RecordedHistory.Read(file);
        var steps = history.Events.Where(each => each.Kind >= EventKind.TaskScheduled).ToList();

        Assert.NotEmpty(steps);
        foreach (var step in steps)
        {
            // As code would record that calls something else, that calls one step less, or one more.
            AssertFound(Replace(step, [step with { Kind = EventKind.TaskScheduled, Name = "another" }]));
            AssertFound(Replace(step, []));
            AssertFound(Replace(step, [step, step]));
        }

        RecordedHistory Replace(HistoryEvent step, HistoryEvent[] by) =>
            history with { Events = [.. history.Events.SelectMany(each => ReferenceEquals(each, step) ? by : [each])] };

        void AssertFound(RecordedHistory broken) => Assert.Contains("differs from its history", FlowReplay.Try(broken), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task Record_EveryCase_ReplaysAndIsKept(string name)
    {
        var file = $"{Unreleased}/{name}.json";
        await using var engine = new EngineHarness();

        var history = RecordedHistory.Of(engine, await HistoryCases.All[name](engine));

        Assert.Null(FlowReplay.Try(history));
        if (Environment.GetEnvironmentVariable("RECORD_HISTORIES") == "1") history.Write(file);
        Assert.Contains(file, RecordedHistory.Files());
    }

    [Fact]
    public void Cases_CoverEveryFlow() =>
        Assert.Equal([RunBatch.Name, RunJob.Name, TellOthers.Name], HistoryCases.All.Keys.Select(name => name.Split('.')[0]).Distinct().Order(StringComparer.Ordinal));
}
