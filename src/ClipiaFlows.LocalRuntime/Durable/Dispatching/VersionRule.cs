using Microsoft.DurableTask.Abstractions;

namespace ClipiaFlows.LocalRuntime.Durable.Dispatching;

/// <summary>Decides by its version whether an instance may be played here, as the genuine dispatcher does.</summary>
internal sealed class VersionRule(DurableEngineOptions options)
{
    private readonly string _own = options.DefaultVersion ?? string.Empty;

    public bool FailsOthers => options.VersionFailureStrategy == VersionFailureStrategy.Fail;

    public bool Admits(string version) => options.VersionMatchStrategy switch
    {
        VersionMatchStrategy.None => true,
        VersionMatchStrategy.Strict => version == _own,
        _ => TaskOrchestrationVersioningUtils.CompareVersions(version, _own) <= 0,
    };

    public string WhyLeft(string instanceId, string version) =>
        $"Instance '{instanceId}' has version '{version}', which host.json's durableTask settings (versionMatchStrategy "
        + $"{options.VersionMatchStrategy}, defaultVersion '{_own}') do not admit: it stays as it is, as on the real host.";
}
