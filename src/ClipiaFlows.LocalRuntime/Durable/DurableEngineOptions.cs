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

    /// <summary>The version of instances that are started without one. Null: a start with a version stays Pending for ever,
    /// as on the real host.</summary>
    public string? DefaultVersion { get; set; }

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(DatabasePath);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConcurrentActivities, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConcurrentOrchestrators, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxHotInstances);
    }
}
