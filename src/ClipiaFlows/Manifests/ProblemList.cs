namespace ClipiaFlows.Manifests;

/// <summary>Collects problems, a bounded number of them.</summary>
internal sealed class ProblemList
{
    private readonly List<ManifestProblem> _problems = [];
    private readonly Dictionary<(string Code, string Key), Repeated> _repeated = [];
    private int _untold;

    public bool IsEmpty => _problems.Count == 0;

    public void Add(
        string code, string pointer, string? value, string expected, string message, string? suggestion = null)
    {
        if (_problems.Count == ManifestLimits.MaxProblems)
            _untold++;
        else
            _problems.Add(new(pointer, value, expected, message, suggestion, code));
    }

    /// <summary>For what ends the work: it is added however many problems there are.</summary>
    public void AddAnyway(string code, string pointer, string expected, string message) =>
        _problems.Add(new(pointer, null, expected, message, null, code));

    /// <summary>For what the repetitions of one job have in common: told once, with the number of the others.</summary>
    /// <remarks>Problems with the same code and key, which is the pointer when not given, are the same.</remarks>
    public void AddRepeated(
        string code, string pointer, string? value, string expected, string message,
        Func<string?>? suggestion = null, string? key = null)
    {
        if (_repeated.TryGetValue((code, key ?? pointer), out var first))
        {
            first.Others++;
            return;
        }

        _repeated.Add((code, key ?? pointer), new() { At = _problems.Count });
        Add(code, pointer, value, expected, message, suggestion?.Invoke());
    }

    public IReadOnlyList<ManifestProblem> ToList()
    {
        var all = _problems.ToList();
        foreach (var repeated in _repeated.Values.Where(repeated => repeated.Others > 0 && repeated.At < all.Count))
        {
            var others = repeated.Others == 1 ? "1 more repetition" : $"{repeated.Others} more repetitions";
            all[repeated.At] = all[repeated.At] with { Message = $"{all[repeated.At].Message} (And in {others}.)" };
        }

        if (_untold > 0)
        {
            all.Add(new("", null, "fewer problems", $"{_untold} more problems are not listed.", null,
                ProblemCodes.TooManyProblems));
        }

        return all;
    }

    private sealed class Repeated
    {
        public required int At { get; init; }

        public int Others { get; set; }
    }
}
