namespace ClipiaFlows.Manifests;

/// <summary>Collects warnings: equal ones once with the number of their jobs, and a bounded number of different ones.</summary>
internal sealed class WarningList
{
    private readonly Dictionary<(string Code, string Key), int> _places = [];
    private readonly List<ManifestWarning> _warnings = [];
    private bool _areMore;

    /// <summary>Adds a warning about one more job. The first one with a code and key is the one that is shown.</summary>
    /// <param name="code">One of <see cref="WarningCodes"/>.</param>
    /// <param name="key">What equal warnings have in common.</param>
    /// <param name="first">Makes the warning.</param>
    public void Add(string code, string key, Func<ManifestWarning> first)
    {
        if (_places.TryGetValue((code, key), out var place))
            _warnings[place] = _warnings[place] with { Jobs = _warnings[place].Jobs + 1 };
        else if (_warnings.Count == ManifestLimits.MaxWarnings)
            _areMore = true;
        else
        {
            _places.Add((code, key), _warnings.Count);
            _warnings.Add(first());
        }
    }

    public IReadOnlyList<ManifestWarning> ToList()
    {
        if (_warnings.Count == 0)
            return [];
        var all = _warnings.ConvertAll(warning => warning.Jobs switch
        {
            1 => warning,
            2 => warning with { Message = $"{warning.Message} (And in 1 more job.)" },
            var jobs => warning with { Message = $"{warning.Message} (And in {jobs - 1} more jobs.)" },
        });
        if (_areMore)
            all.Add(new(WarningCodes.TooManyWarnings, "", null, $"Only the first {ManifestLimits.MaxWarnings} warnings are listed.", 0));
        return all;
    }
}
