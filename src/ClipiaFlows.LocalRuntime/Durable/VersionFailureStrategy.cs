namespace ClipiaFlows.LocalRuntime.Durable;

/// <summary>What happens to an instance of a version that the app does not run; host.json's versionFailureStrategy.</summary>
public enum VersionFailureStrategy
{
    /// <summary>It is left as it is, for an app that runs its version.</summary>
    Reject,

    /// <summary>It fails.</summary>
    Fail,
}
