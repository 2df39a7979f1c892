using System.Text.RegularExpressions;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>Which models a manifest may use, before it is expanded: variables in a model's name stand for any text.</summary>
public sealed partial class ModelMentions
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string[]> _patterns;

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

        _patterns = [.. patterns.Select(text => VariableBraces().Split(text))];
    }

    /// <summary>The models that the jobs and defaults name.</summary>
    public static ModelMentions Of(Manifest manifest) =>
        new(manifest.Jobs.Select(job => job.Model).Append(manifest.Defaults.Model).OfType<string>().Distinct(StringComparer.Ordinal));

    /// <summary>Whether a job can turn out to use this model.</summary>
    public bool MayBe(string slug) => _names.Contains(slug) || _patterns.Exists(literals => IsMatch(literals, slug));

    /// <summary>Whether the literals come in order, the first at the beginning and the last at the end.</summary>
    private static bool IsMatch(string[] literals, string slug)
    {
        const StringComparison ignoringCase = StringComparison.OrdinalIgnoreCase;
        if (literals.Length == 1)
            return string.Equals(literals[0], slug, ignoringCase);
        if (!slug.StartsWith(literals[0], ignoringCase))
            return false;
        var at = literals[0].Length;
        foreach (var literal in literals.AsSpan(1, literals.Length - 2))
        {
            var found = slug.IndexOf(literal, at, ignoringCase);
            if (found < 0)
                return false;
            at = found + literal.Length;
        }

        return slug.Length - at >= literals[^1].Length && slug.EndsWith(literals[^1], ignoringCase);
    }

    [GeneratedRegex(@"\{\{[^{}]*\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex VariableBraces();
}
