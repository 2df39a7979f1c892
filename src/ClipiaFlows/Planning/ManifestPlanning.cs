using System.Globalization;
using System.Text.Json;
using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>One run of the planner: templates, ids, inputs, dependencies, order.</summary>
internal sealed class ManifestPlanning(
    Manifest manifest, string batchId, ModelCatalogue catalogue, DateTimeOffset now, ProblemList problems, WarningList warnings, PlanningBudget budget)
{
    private readonly PlanFacts _facts = new(
        batchId, now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), budget);

    private readonly Nearest _nearest = new();

    /// <summary>The plan; of no use when there are problems, and null when a limit ended the run.</summary>
    public Plan? Run()
    {
        var templates = new JobTemplates(manifest, problems, _nearest, budget).ReadAll();
        if (new JobIds(_facts, problems).Expand(templates) is not { } jobs)
            return null;

        var outputs = new OutputMentions(catalogue, problems);
        var needs = new JobNeeds(new(templates, jobs, budget), catalogue, outputs, _facts, problems, _nearest);
        var inputs = new InputExpansion(needs, _facts, problems);
        var unlisted = new UnlistedInputs(warnings, _nearest);
        var check = new InputCheck(problems, unlisted, _nearest, catalogue.FetchesPrivateAddresses);
        var extensions = new OutputExtensions(warnings);
        var paths = new OutputPaths(_facts, problems);
        var planned = new List<PlannedJob>(jobs.Count);
        foreach (var job in jobs)
        {
            var needed = new HashSet<int>();
            needs.AddNeeds(job, needed);
            var input = inputs.Expand(job, needed);
            if (!inputs.IsWithinLimits || !needs.IsWithinLimits)
                return null;

            var model = FindModel(job);
            var path = paths.Plan(job, input, model?.Type);
            if (model is not null)
            {
                check.Check(job, input, model);
                extensions.Check(job, path, input, model);
            }

            planned.Add(Planned(job, input, needed, model, path));
        }

        outputs.TellTooFew(planned);
        paths.TellFilesThatAreFolders();
        unlisted.Finish();
        return Order(planned);
    }

    private ModelDescription? FindModel(Repetition job)
    {
        if (job.Model is not { } slug)
            return null;
        if (catalogue.Find(slug) is { } found)
            return found;
        var pointer = job.Template.Model!.Pointer;
        problems.AddRepeated(
            ProblemCodes.UnknownModel, pointer, Shown.Text(slug), "the slug of a model of the catalogue",
            $"There is no model '{Shown.Text(slug)}'.", () => _nearest.To(slug, catalogue.Slugs.Order()),
            $"{pointer} {slug}");
        return null;
    }

    private PlannedJob Planned(
        Repetition job, JsonElement input, HashSet<int> needed, ModelDescription? model, string path) => new()
    {
        N = job.N,
        Id = job.Id,
        Pointer = job.Template.Job.Pointer,
        Model = model?.Slug ?? "",
        Kind = model?.Type ?? "",
        Input = input,
        Needs = needed.Order().ToArray(),
        Priority = job.Template.Job.Priority,
        Weight = 0,
        OutputPath = path,
        Variables = job.AllVariables(_facts),
        Replica = job.Replica,
    };

    private Plan Order(List<PlannedJob> jobs)
    {
        var needs = jobs.Select(job => (int[])job.Needs).ToList();
        var order = ChainWeights.Order(needs);
        if (order.Count < jobs.Count)
            TellCycles(jobs, needs, order);

        var edges = jobs.SelectMany(job => job.Needs.Select(needed => new PlanEdge(needed, job.N))).ToList();
        return new(problems.IsEmpty ? WithWaits(jobs, needs, order) : jobs, edges);
    }

    /// <summary>Lets equal jobs wait for the first of them, weighs the chains, and counts who waits for whom.</summary>
    private List<PlannedJob> WithWaits(List<PlannedJob> jobs, List<int[]> needs, List<int> order)
    {
        var firsts = manifest.Policy.Reuse is ReuseScope.Never ? null : ReuseClasses.Of(jobs, order);
        var after = new int[jobs.Count][];
        for (var n = 0; n < after.Length; n++)
            after[n] = firsts is null || firsts[n] == n || needs[n].Contains(firsts[n]) ? [] : [firsts[n]];

        // Whoever waits, for whatever reason, stands behind in the order too: the first of a class comes first in it.
        var waits = needs.Zip(after, (needed, first) => first.Length == 0 ? needed : [.. needed, .. first]).ToList();
        var weights = ChainWeights.Of(waits, order, n => jobs[n].Kind == "video" ? PlannedJob.WeightOfVideo : 1);
        var dependents = new int[jobs.Count];
        foreach (var waitedFor in waits.SelectMany(waited => waited))
            dependents[waitedFor]++;
        return jobs.ConvertAll(job => job with { After = after[job.N], Weight = weights[job.N], Dependents = dependents[job.N] });
    }

    private void TellCycles(List<PlannedJob> jobs, List<int[]> needs, List<int> order)
    {
        var stuck = Enumerable.Range(0, jobs.Count).ToHashSet();
        stuck.ExceptWith(order);
        foreach (var cycle in Cycles.Find(needs, stuck))
            TellCycle(cycle.Select(n => jobs[n]).ToList());
    }

    private void TellCycle(List<PlannedJob> cycle)
    {
        const int told = 20;
        var names = cycle.Take(told).Select(job => job.Id)
            .Append(cycle.Count > told ? $"({cycle.Count - told} more)" : cycle[0].Id);
        var chain = string.Join(" → ", names);
        problems.AddRepeated(
            ProblemCodes.DependencyCycle, cycle[0].Pointer, Shown.Text(chain), "dependencies without a cycle",
            cycle.Count == 1 ? $"The job '{cycle[0].Id}' needs itself." : $"The jobs need each other in a circle that begins at '{cycle[0].Id}': {chain}.",
            key: string.Join(' ', cycle.Select(job => job.Pointer)));
    }
}
