using System.Globalization;
using System.Text.RegularExpressions;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>Repeats every job for the variables that it names and gives each repetition its id.</summary>
internal sealed partial class JobIds(PlanFacts facts, ProblemList problems)
{
    private const string Rule = "1 to 100 characters of A-Z, a-z, 0-9, '.', '_' and '-', starting with a letter or digit";

    /// <summary>All jobs in order, or null, and a problem, when there are too many.</summary>
    public List<Repetition>? Expand(IReadOnlyList<JobTemplate> templates)
    {
        var total = 0L;
        foreach (var template in templates)
        {
            total += template.Size;
            if (total <= ManifestLimits.MaxJobs)
                continue;
            problems.Add(
                ProblemCodes.TooManyJobs, template.Job.Pointer, $"{template.Size} jobs",
                $"at most {ManifestLimits.MaxJobs} jobs in a batch",
                $"With this job the batch passes {ManifestLimits.MaxJobs} jobs.");
            return null;
        }

        var all = new List<Repetition>((int)total);
        foreach (var template in templates)
            Expand(template, all);
        TellDoubles(all);
        return all;
    }

    private void Expand(JobTemplate template, List<Repetition> all)
    {
        var unnamed = template.Unnamed.ToList();
        for (var at = 0L; at < template.Size; at++)
        {
            var replica = (int)(at % template.Job.Count) + 1;
            var repetition = new Repetition(template, all.Count, template.Combination(at / template.Job.Count), replica);
            if (template.Model is { IsBroken: false } model)
                repetition.Model = TextExpansion.Expand(model, name => repetition.Text(name, facts), problems, most: ManifestLimits.MaxExpandedName);
            repetition.Id = Id(repetition, unnamed);
            all.Add(repetition);
            template.Repetitions.Add(repetition);
        }
    }

    private string Id(Repetition repetition, List<string> unnamed)
    {
        var template = repetition.Template.Id;
        if (TextExpansion.Expand(template, name => repetition.IdPart(name, facts), problems, most: ManifestLimits.MaxExpandedName) is not { } id)
            return string.Create(CultureInfo.InvariantCulture, $"job-{repetition.N}");
        foreach (var value in unnamed.Select(name => repetition.IdPart(name, facts)))
        {
            // Kept only as far as it is told, since there may be a hundred thousand of them; the number keeps them apart.
            id = id.Length + value.Length > ManifestLimits.MaxExpandedName
                ? string.Create(CultureInfo.InvariantCulture, $"{Shown.Text(id)}-{Shown.Text(value)}-{repetition.N}")
                : $"{id}-{value}";
        }

        if (!Allowed().IsMatch(id))
        {
            problems.AddRepeated(
                ProblemCodes.BadId, template.Pointer, Shown.Text(id), Rule,
                $"'{Shown.Text(id)}' cannot be the id of a job.", () => Suggest(id));
        }

        return id;
    }

    private void TellDoubles(List<Repetition> all)
    {
        var byId = new Dictionary<string, Repetition>(all.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var job in all)
        {
            if (byId.TryAdd(job.Id, job))
                continue;
            job.IsDouble = true;
            if (job.Template.IsDouble)
                continue;
            var first = byId[job.Id];
            problems.AddRepeated(
                ProblemCodes.DuplicateId, job.Template.Id.Pointer, Shown.Text(job.Id),
                "an id that no other job has, ignoring case",
                first.Template == job.Template
                    ? $"Two repetitions of the job have the id '{Shown.Text(job.Id)}'."
                    : $"The id '{Shown.Text(job.Id)}' is that of a job of {first.Template.Job.Pointer} already.");
        }
    }

    private static string? Suggest(string id)
    {
        var slug = Slug.ForId(id).TrimStart('.', '_', '-');
        return Allowed().IsMatch(slug) ? slug : null;
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z")]
    private static partial Regex Allowed();
}
