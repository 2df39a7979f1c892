using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>The figures of the kill matrix, as a table.</summary>
internal sealed class KillFigures
{
    private readonly ConcurrentDictionary<string, (int Boundaries, string Outcome)> _undisturbed = new();
    private readonly ConcurrentQueue<(KillCourse Course, int First, KillRun Run)> _runs = new();

    /// <summary>Kills that happened.</summary>
    public int Kills => _runs.Sum(one => one.Run.Kills.Count);

    /// <summary>What did not agree, with where the app was killed.</summary>
    public IEnumerable<string> Wrong => _runs.SelectMany(one => one.Run.Wrong.Select(
        finding => $"{one.Course.Name}, killed at {string.Join(" and then at ", one.Run.Kills)}: {finding.Kind}: {finding.What}"));

    /// <summary>Keeps what the course is when nothing is killed.</summary>
    public void Undisturbed(KillCourse course, IReadOnlyList<string> boundaries, KillRun run)
    {
        _undisturbed[course.Name] = (boundaries.Count, run.Outcome);
        Assert.Empty(run.Wrong);
        Assert.Empty(run.Kills);
    }

    /// <summary>Counts a run; one that ended otherwise than undisturbed is wrong.</summary>
    public void Add(KillCourse course, int first, KillRun run)
    {
        if (run.Outcome != "none" && run.Outcome != _undisturbed[course.Name].Outcome)
            run = run with { Wrong = [.. run.Wrong, new(Fault.Outcome, $"{run.Outcome}\ninstead of\n{_undisturbed[course.Name].Outcome}")] };
        _runs.Enqueue((course, first, run));
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        Line("course", "boundaries", "runs", "kills", "not reached");
        foreach (var course in _runs.GroupBy(one => one.Course.Name).OrderBy(course => course.Key, StringComparer.Ordinal))
        {
            Line(course.Key, _undisturbed[course.Key].Boundaries, course.Count(), course.Sum(one => one.Run.Kills.Count),
                course.Count(one => one.Run.Kills.Count == 0));
        }

        text.AppendLine();
        Line("killed at", "before", "after");
        foreach (var kind in _runs.SelectMany(one => one.Run.Kills).GroupBy(kill => kill[(kill.IndexOf(' ', StringComparison.Ordinal) + 1)..]).OrderBy(kind => kind.Key, StringComparer.Ordinal))
            Line(kind.Key, kind.Count(kill => kill.StartsWith('B')), kind.Count(kill => kill.StartsWith('A')));
        text.AppendLine();
        Line("found", "runs");
        foreach (var fault in Enum.GetValues<Fault>())
            Line(fault.ToString(), _runs.Count(one => one.Run.Wrong.Any(finding => finding.Kind == fault)));
        return text.ToString();

        void Line(string what, params object[] figures) => text.AppendLine(
            CultureInfo.InvariantCulture, $"{what,-44}{string.Concat(figures.Select(figure => $"{figure,12}"))}");
    }
}
