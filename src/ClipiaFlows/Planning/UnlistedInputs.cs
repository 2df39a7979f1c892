using ClipiaFlows.Manifests;

namespace ClipiaFlows.Planning;

/// <summary>
/// Warns of inputs that models do not list, which are probably misspelled and certainly without effect. An input of the defaults
/// is one warning for all the jobs that take it over.
/// </summary>
internal sealed class UnlistedInputs(WarningList warnings, Nearest nearest)
{
    private const int MostModels = 5;
    private readonly Dictionary<string, DefaultUse> _defaults = new(StringComparer.Ordinal);

    /// <summary>Takes down one input of one job.</summary>
    /// <param name="field">The input as written, in the job or in the defaults.</param>
    /// <param name="isDefault">Whether it is one of the defaults.</param>
    /// <param name="model">The job's model, whose inputs are known.</param>
    public void Check(InputTemplate.Field field, bool isDefault, ModelDescription model)
    {
        var isListed = model.Input.ContainsKey(field.Name);
        if (isDefault)
        {
            if (!_defaults.TryGetValue(field.Pointer, out var use))
                _defaults.Add(field.Pointer, use = new(field));
            use.Count(model, isListed);
        }
        else if (!isListed)
        {
            warnings.Add(WarningCodes.UnknownInput, $"{model.Slug} {field.Name}", () => new(
                WarningCodes.UnknownInput, field.Pointer, Shown.Text(field.Name),
                $"The model {model.Slug} does not list an input '{Shown.Text(field.Name)}', so it probably has no effect.", 1)
            {
                Suggestion = nearest.To(field.Name, model.Input.Keys),
            });
        }
    }

    /// <summary>Adds the warnings of the defaults; all jobs are known now.</summary>
    public void Finish()
    {
        foreach (var use in _defaults.Values.Where(use => use.Without.Count > 0))
            warnings.Add(WarningCodes.DefaultNotTaken, use.Field.Pointer, () => Warning(use));
    }

    private ManifestWarning Warning(DefaultUse use)
    {
        var name = Shown.Text(use.Field.Name);
        var models = use.Without.Values.Select(model => model.Slug).Order(StringComparer.Ordinal).ToList();
        var named = string.Join(", ", models.Take(MostModels)) + (models.Count > MostModels ? $" and {models.Count - MostModels} more" : "");
        var jobs = use.JobsWithout == 1 ? "1 job" : $"{use.JobsWithout} jobs";
        return new(
            WarningCodes.DefaultNotTaken, use.Field.Pointer, name,
            $"The default input '{name}' is not listed by {named}, so it probably has no effect in {jobs}.", 1)
        {
            // Where another model lists it, it is not misspelled.
            Suggestion = use.IsListed ? null : nearest.To(use.Field.Name, use.Without.Values.SelectMany(model => model.Input.Keys).Distinct()),
        };
    }

    private sealed class DefaultUse(InputTemplate.Field written)
    {
        public InputTemplate.Field Field => written;

        public Dictionary<string, ModelDescription> Without { get; } = new(StringComparer.OrdinalIgnoreCase);

        public int JobsWithout { get; private set; }

        public bool IsListed { get; private set; }

        public void Count(ModelDescription model, bool isListed)
        {
            IsListed |= isListed;
            if (isListed)
                return;
            JobsWithout++;
            Without.TryAdd(model.Slug, model);
        }
    }
}
