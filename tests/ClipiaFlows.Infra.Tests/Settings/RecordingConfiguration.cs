using Microsoft.Extensions.Configuration;

namespace ClipiaFlows.Infra.Tests.Settings;

/// <summary>Notes the name of every setting that is asked for, whether it is there or not.</summary>
internal sealed class RecordingConfiguration : ConfigurationProvider, IConfigurationSource
{
    private readonly HashSet<string> _asked = new(StringComparer.OrdinalIgnoreCase);

    public RecordingConfiguration(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        foreach (var (name, value) in settings)
            Data[name.Replace("__", ":", StringComparison.Ordinal)] = value;
    }

    /// <summary>The names, as an environment variable has them. Sections are not among them.</summary>
    public IReadOnlyList<string> Asked =>
        [.. _asked.Where(name => !_asked.Any(other => other.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)))
            .Select(name => name.Replace(":", "__", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    /// <summary>Starts anew.</summary>
    public void Forget() => _asked.Clear();

    public override bool TryGet(string key, out string? value)
    {
        _asked.Add(key);
        return base.TryGet(key, out value);
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;
}
