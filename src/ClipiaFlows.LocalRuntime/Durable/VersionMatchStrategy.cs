namespace ClipiaFlows.LocalRuntime.Durable;

/// <summary>Which instances an app runs, by the version that they were started with; host.json's versionMatchStrategy.</summary>
public enum VersionMatchStrategy
{
    /// <summary>Every instance, whatever its version.</summary>
    None,

    /// <summary>Only those of exactly the default version.</summary>
    Strict,

    /// <summary>Those of the default version and older ones; without a default version only those that have none.</summary>
    CurrentOrOlder,
}
