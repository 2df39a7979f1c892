using ClipiaFlows.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;

namespace ClipiaFlows.LocalRuntime.Durable;

/// <summary>How one durable engine works and where it keeps its state.</summary>
public sealed class DurableEngineOptions
{
    /// <summary>The SQLite file; it and its folder are created when missing. One engine at a time may use it.</summary>
    public string DatabasePath { get; set; } = "durable.db";

    /// <summary>The name that the client carries and that queries may ask for.</summary>
    public string HubName { get; set; } = "TestHubName";

    /// <summary>Activities that run at the same time, at least 1; by default ten times the number of cores.</summary>
    public int MaxConcurrentActivities { get; set; } = 10 * Environment.ProcessorCount;

    /// <summary>Turns of orchestrators at the same time, at least 1; by default ten times the number of cores.</summary>
    public int MaxConcurrentOrchestrators { get; set; } = 10 * Environment.ProcessorCount;

    /// <summary>Instances kept in memory between their turns, at least 0; others are replayed when something happens.</summary>
    public int MaxHotInstances { get; set; } = 2_000;

    /// <summary>Replays every instance from its beginning at every turn, to find code that does not replay.</summary>
    public bool AlwaysReplay { get; set; }

    /// <summary>Waits for the disk at every commit: safe against power loss too, not only against a killed process.</summary>
    public bool FullSync { get; set; }

    /// <summary>The version of this app: that of instances started without one, and the measure for the others. Null and
    /// <see cref="VersionMatchStrategy.CurrentOrOlder"/>: what is started with a version stays Pending, as on the real host.</summary>
    public string? DefaultVersion { get; set; }

    /// <summary>The versions that run here.</summary>
    public VersionMatchStrategy VersionMatchStrategy { get; set; } = VersionMatchStrategy.CurrentOrOlder;

    /// <summary>What happens to an instance of another version.</summary>
    public VersionFailureStrategy VersionFailureStrategy { get; set; } = VersionFailureStrategy.Reject;

    /// <summary>Gives the failures of activities the type "(unknown)", as they arrive on the real Azure Functions host.</summary>
    public bool HideFailureTypes { get; set; }

    /// <summary>Writes and reads inputs, events, results and statuses. The host of a Functions app sets that of the app.</summary>
    public DataConverter DataConverter { get; set; } = JsonDataConverter.Default;

    /// <summary>Told of every commit on the writer's thread; for tests that end the process there.</summary>
    internal Action<CommitPoint>? AtCommit { get; set; }

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(DatabasePath);
        ArgumentNullException.ThrowIfNull(DataConverter);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConcurrentActivities, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConcurrentOrchestrators, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxHotInstances);
    }
}
