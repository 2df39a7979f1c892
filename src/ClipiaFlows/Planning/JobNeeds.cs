using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>Finds out which jobs each job waits for, from its <c>needs</c> and from the references in its input.</summary>
internal sealed class JobNeeds(
    JobDirectory directory, ModelCatalogue catalogue, OutputMentions outputs, PlanFacts facts, ProblemList problems, Nearest nearest)
{
    private long _edges;

    /// <summary>False once there are more dependencies than a batch may have.</summary>
    public bool IsWithinLimits => _edges <= ManifestLimits.MaxEdges;

    public void AddNeeds(Repetition job, HashSet<int> needs)
    {
        foreach (var need in job.Template.Needs.Where(need => !need.IsBroken))
        {
            foreach (var needed in Find(need, job) ?? [])
            {
                if (needs.Add(needed.N) && ++_edges > ManifestLimits.MaxEdges)
                {
                    TellTooMany(job);
                    return;
                }
            }
        }
    }

    /// <summary>The reference as it stands in the plan; makes its job a dependency.</summary>
    public string Refer(Repetition job, Template input, TemplatePart.Reference reference, HashSet<int> needs)
    {
        var found = Find(reference.JobId with { Pointer = input.Pointer }, job);
        if (found is not [var upstream])
        {
            if (found is { Count: > 1 })
            {
                problems.AddRepeated(
                    ProblemCodes.BadReference, input.Pointer, Shown.Text(reference.JobId.Source), "the id of one job",
                    $"'{Shown.Text(reference.JobId.Source)}' means {found.Count} jobs here, and a reference takes one.",
                    () => found[0].Id);
            }

            return new OutputReference(reference.JobId.Source, reference.Path).ToString();
        }

        if (needs.Add(upstream.N) && ++_edges > ManifestLimits.MaxEdges)
            TellTooMany(job);
        outputs.Check(upstream, upstream.Model is null ? null : catalogue.Find(upstream.Model)?.Type, input, reference);
        return new OutputReference(upstream.Id, reference.Path).ToString();
    }

    private IReadOnlyList<Repetition>? Find(Template named, Repetition job)
    {
        var expanded = TextExpansion.Expand(named, name => job.IdPart(name, facts), problems, most: ManifestLimits.MaxExpandedName);
        if (expanded is null)
            return null;
        facts.Budget.Spend();
        if (directory.Find(named, expanded, job) is { } found)
        {
            facts.Budget.Spend(found.Count);
            return found;
        }

        problems.AddRepeated(
            ProblemCodes.MissingDependency, named.Pointer, Shown.Text(expanded), "the id of a job of this manifest",
            $"There is no job '{Shown.Text(expanded)}'.", () => nearest.To(expanded, directory.Names),
            $"{named.Pointer} {named.Source}");
        return null;
    }

    private void TellTooMany(Repetition job) =>
        problems.AddRepeated(
            ProblemCodes.TooManyDependencies, job.Template.Job.Pointer, null,
            $"at most {ManifestLimits.MaxEdges} dependencies in a batch",
            $"With this job the batch passes {ManifestLimits.MaxEdges} dependencies.", key: "");
}
