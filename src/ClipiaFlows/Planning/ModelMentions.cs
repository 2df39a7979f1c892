using System.Text.RegularExpressions;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>Which models a manifest may use, before it is expanded: variables in a model's name stand for any text.</summary>
public sealed class ModelMentions
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Regex> _patterns;

    private ModelMentions(IEnumerable<string> written)
    {
        var patterns = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in written)
        {
            if (text.Contains("{{", StringComparison.Ordinal))
                patterns.Add(text);
            else
                _names.Add(text);
        }

        _patterns = patterns.Take(1000).Select(PatternOf).ToList();
    }

    /// <summary>The models that the jobs and defaults name.</summary>
    public static ModelMentions Of(Manifest manifest) =>
        new(manifest.Jobs.Select(job => job.Model).Append(manifest.Defaults.Model).OfType<string>().Distinct(StringComparer.Ordinal));

    /// <summary>Whether a job can turn out to use this model.</summary>
    public bool MayBe(string slug) => _names.Contains(slug) || _patterns.Exists(pattern => pattern.IsMatch(slug));

    private static Regex PatternOf(string text)
    {
        var literals = Regex.Split(text, @"\{\{[^{}]*\}\}").Select(Regex.Escape);
        return new($"^{string.Join(".*", literals)}$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }
}
