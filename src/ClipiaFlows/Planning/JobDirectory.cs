using System.Globalization;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>Finds the jobs that a text names: by expanded id, or by the id of a job as it is written.</summary>
internal sealed class JobDirectory
{
    private readonly PlanningBudget _budget;
    private readonly Dictionary<string, JobTemplate> _asWritten = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Repetition> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<(JobTemplate, JobTemplate, bool), Agreement> _agreements = [];
    private readonly Dictionary<(JobTemplate, string), Dictionary<string, List<Repetition>>> _groups = [];

    public JobDirectory(IEnumerable<JobTemplate> templates, IEnumerable<Repetition> jobs, PlanningBudget budget)
    {
        _budget = budget;
        foreach (var template in templates)
            _asWritten.TryAdd(template.Job.Id, template);
        foreach (var job in jobs)
            _byId.TryAdd(job.Id, job);
    }

    /// <summary>Everything that could have been meant, most general first.</summary>
    public IEnumerable<string> Names => _asWritten.Keys.Concat(_byId.Keys);

    /// <summary>
    /// Null when there is no such job. A job's id as written means all its repetitions that agree with the dependent on
    /// the variables they share; an empty list when it could not be expanded, which is told already.
    /// </summary>
    public IReadOnlyList<Repetition>? Find(Template named, string expanded, Repetition dependent)
    {
        if (_asWritten.TryGetValue(named.Source, out var template))
            return Agreeing(template, dependent, named.Names(Variables.Index));
        return _byId.TryGetValue(expanded, out var job) ? [job] : null;
    }

    private List<Repetition>? Agreeing(JobTemplate target, Repetition dependent, bool byIndex)
    {
        var key = (target, dependent.Template, byIndex);
        if (!_agreements.TryGetValue(key, out var agreement))
            _agreements.Add(key, agreement = Agree(target, dependent.Template, byIndex));
        return agreement.Groups.GetValueOrDefault(Key(dependent, agreement.InDependent, byIndex))
            ?? (target.Repetitions.Count == 0 ? [] : null);
    }

    private Agreement Agree(JobTemplate target, JobTemplate dependent, bool byIndex)
    {
        _budget.Spend(target.Variables.Length + dependent.Variables.Length);
        var shared = target.Variables.Intersect(dependent.Variables).ToList();
        var inTarget = shared.Select(variable => target.IndexOf(variable.Name)).ToArray();
        var inDependent = shared.Select(variable => dependent.IndexOf(variable.Name)).ToArray();

        var key = (target, $"{byIndex} {string.Join(',', inTarget)}");
        if (!_groups.TryGetValue(key, out var groups))
        {
            groups = target.Repetitions
                .GroupBy(job => Key(job, inTarget, byIndex))
                .ToDictionary(group => group.Key, group => group.ToList());
            _groups.Add(key, groups);
        }

        return new(inDependent, groups);
    }

    private static string Key(Repetition job, int[] positions, bool byIndex) =>
        string.Join(',', positions.Select(position => job.Values[position]).Append(byIndex ? job.Replica : 0)
            .Select(value => value.ToString(CultureInfo.InvariantCulture)));

    private sealed record Agreement(int[] InDependent, Dictionary<string, List<Repetition>> Groups);
}
