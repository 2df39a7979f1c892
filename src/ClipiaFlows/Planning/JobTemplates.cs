using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>Takes the jobs of a manifest apart. What is wrong in the defaults is told once, not once per job.</summary>
internal sealed class JobTemplates
{
    private const string DefaultPath = "{{job}}.{{ext}}";

    private readonly ProblemList _problems;
    private readonly Manifest _manifest;
    private readonly PlanningBudget _budget;
    private readonly Dictionary<string, int> _columns;
    private readonly MatrixTable _matrix;
    private readonly TemplateParser _ids;
    private readonly TemplateParser _models;
    private readonly TemplateParser _inputs;
    private readonly TemplateParser _needs;
    private readonly TemplateParser _paths;
    private readonly Template? _defaultModel;
    private readonly InputTemplate _defaultInput;
    private readonly Template? _defaultPath;

    public JobTemplates(Manifest manifest, ProblemList problems, Nearest nearest, PlanningBudget budget)
    {
        TemplateParser Parser(bool references, params string[] builtIn) =>
            new([.. _matrix.Variables.Select(variable => variable.Name), .. builtIn], references, problems, nearest);

        _matrix = MatrixTable.Of(manifest, problems, nearest, budget);
        _columns = _matrix.Variables.Index().ToDictionary(known => known.Item.Name, known => known.Index, StringComparer.Ordinal);
        _manifest = manifest;
        _budget = budget;
        _problems = problems;
        // The model stands before the id and the id before the rest, so none can name what comes of it.
        _models = Parser(false, Variables.Batch, Variables.Index, Variables.Date);
        _ids = Parser(false, Variables.Batch, Variables.Index, Variables.Date, Variables.Model);
        _needs = Parser(false, Variables.Batch, Variables.Job, Variables.Index, Variables.Date, Variables.Model);
        _inputs = Parser(true, Variables.Batch, Variables.Job, Variables.Index, Variables.Date, Variables.Model);
        _paths = Parser(
            false, Variables.Batch, Variables.Job, Variables.Index, Variables.Date, Variables.Model, Variables.Ext,
            Variables.Output);

        var defaults = manifest.Defaults;
        _defaultModel = defaults.Model is null ? null : _models.Parse("/defaults/model", defaults.Model);
        _defaultInput = InputTemplate.Parse(defaults.Input, "/defaults/input", _inputs, problems);
        _defaultPath = defaults.OutputPath is null ? null : _paths.Parse("/defaults/output/path", defaults.OutputPath);
    }

    public List<JobTemplate> ReadAll()
    {
        var templates = _manifest.Jobs.Select(Read).ToList();
        var byId = new Dictionary<string, JobTemplate>(StringComparer.Ordinal);
        foreach (var template in templates)
        {
            if (byId.TryAdd(template.Job.Id, template))
                continue;
            template.IsDouble = true;
            _problems.Add(
                ProblemCodes.DuplicateId, template.Id.Pointer, Shown.Text(template.Job.Id), "an id that no other job has",
                $"The id is that of {byId[template.Job.Id].Job.Pointer} already.");
        }

        return templates;
    }

    private JobTemplate Read(ManifestJob job)
    {
        var id = _ids.Parse($"{job.Pointer}/id", job.Id);
        var model = job.Model is null ? _defaultModel : _models.Parse($"{job.Pointer}/model", job.Model);
        var input = InputTemplate.Parse(job.Input, $"{job.Pointer}/input", _inputs, _problems).Over(_defaultInput);
        var needs = job.Needs.Select(need => _needs.Parse(need.Pointer, need.Text)).ToList();
        var path = job.OutputPath is null
            ? _defaultPath ?? _paths.Parse(job.Pointer, DefaultPath)
            : _paths.Parse($"{job.Pointer}/output/path", job.OutputPath);

        var named = new[] { id, path }.Concat(model is null ? [] : [model]).Concat(needs).Concat(input.Templates)
            .SelectMany(template => template.Variables)
            .ToHashSet(StringComparer.Ordinal);
        // The fields of the defaults count for every job.
        _budget.Spend(input.Fields.Count + named.Count);
        var variables = named.Where(_columns.ContainsKey).Select(name => _columns[name]).Order()
            .Select(column => _matrix.Variables[column]).ToArray();
        var combinations = _matrix.Of(variables);
        if (combinations is { Count: 0 } && variables.All(variable => variable.Values.Count > 0))
            TellNoCombination(job, variables);
        return new()
        {
            Job = job,
            Id = id,
            Model = model,
            Input = input,
            Needs = needs,
            OutputPath = path,
            Variables = variables,
            Combinations = combinations,
        };
    }

    private void TellNoCombination(ManifestJob job, MatrixVariable[] variables)
    {
        var names = string.Join(", ", variables.Select(variable => variable.Name));
        _problems.Add(
            ProblemCodes.NoCombination, job.Pointer, Shown.Text(names), "variables that some combination of the matrix has",
            $"The matrix has no combination with a value for each of {names}, so the job would not run at all.");
    }
}
