namespace ClipiaFlows.Manifests;

/// <summary>Collects problems: equal ones once with the number of their places, and a bounded number of different ones.</summary>
internal sealed class ProblemList
{
    private readonly List<Folded> _problems = [];
    private readonly Dictionary<(string Code, string Message, string Expected, string? Suggestion), Folded> _byContent = [];
    private readonly Dictionary<(string Code, string Key), Folded?> _repeated = [];
    private int _unlisted;

    public bool IsEmpty => _problems.Count == 0;

    public void Add(
        string code, string pointer, string? value, string expected, string message, string? suggestion = null) =>
        Take(new(pointer, value, expected, message, suggestion, code));

    /// <summary>For what ends the work: it is added however many problems there are.</summary>
    public void AddAnyway(string code, string pointer, string expected, string message) =>
        _problems.Add(new(new(pointer, null, expected, message, null, code)));

    /// <summary>For what the repetitions of one job have in common: they are counted and not listed.</summary>
    /// <remarks>Problems with the same code and key, which is the pointer when not given, are the same.</remarks>
    public void AddRepeated(
        string code, string pointer, string? value, string expected, string message,
        Func<string?>? suggestion = null, string? key = null)
    {
        if (_repeated.TryGetValue((code, key ?? pointer), out var first))
        {
            if (first is not null)
                first.Count++;
        }
        else
            _repeated.Add((code, key ?? pointer), Take(new(pointer, value, expected, message, suggestion?.Invoke(), code)));
    }

    public IReadOnlyList<ManifestProblem> ToList()
    {
        var all = _problems.ConvertAll(problem => problem.ToProblem());
        if (_unlisted > 0)
        {
            all.Add(new("", null, "fewer problems", $"{_unlisted} more problems are not listed.", null,
                ProblemCodes.TooManyProblems));
        }

        return all;
    }

    /// <returns>Where it is counted; null when there are too many problems to list it.</returns>
    private Folded? Take(ManifestProblem problem)
    {
        var content = (problem.Code, WithoutValue(problem), problem.Expected, problem.Suggestion);
        if (_byContent.TryGetValue(content, out var same))
        {
            same.Add(problem);
            return same;
        }

        if (_byContent.Count == ManifestLimits.MaxProblems)
        {
            _unlisted++;
            return null;
        }

        var folded = new Folded(problem);
        _byContent.Add(content, folded);
        _problems.Add(folded);
        return folded;
    }

    /// <summary>Messages that differ only in the value that they name are the same.</summary>
    private static string WithoutValue(ManifestProblem problem)
    {
        if (problem.Value is not { Length: > 0 } value)
            return problem.Message;
        var message = problem.Message
            .Replace($"'{value}'", "''", StringComparison.Ordinal)
            .Replace($"'{value.Trim('{', '}', ' ')}'", "''", StringComparison.Ordinal);
        // Without quotes, only what is no part of another word: places such as "line 3, column 4".
        return value.Contains(' ') ? message.Replace(value, "", StringComparison.Ordinal) : message;
    }

    private sealed class Folded(ManifestProblem first)
    {
        private const int MaxOthers = 9;
        private const int MaxPointerLength = 200;
        private readonly List<ProblemPlace> _others = [];

        public int Count { get; set; } = 1;

        public void Add(ManifestProblem other)
        {
            Count++;
            if (_others.Count < MaxOthers && other.Pointer.Length <= MaxPointerLength)
                _others.Add(new(other.Pointer, other.Value));
        }

        public ManifestProblem ToProblem() => first with { Count = Count, Others = _others.Count == 0 ? null : _others };
    }
}
