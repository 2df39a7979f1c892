namespace Clipia.Emulator;

/// <summary>One rule of misbehaviour as it is posted. An occasion is a call, a generation, a webhook or a media fetch that the filters fit.</summary>
internal sealed record ScenarioRule
{
    public string Effect { get; init; } = "";

    public string? Model { get; init; }

    /// <summary>Prefix or id of a key.</summary>
    public string? Key { get; init; }

    /// <summary>For effects on calls: submit (the default), estimate, status, result, models, account or any.</summary>
    public string? Route { get; init; }

    /// <summary>Only the first n occasions.</summary>
    public int? First { get; init; }

    /// <summary>Only every n-th occasion.</summary>
    public int? Every { get; init; }

    /// <summary>Chance of each occasion, repeatable by <see cref="Seed"/>.</summary>
    public double? Probability { get; init; }

    public int? Seed { get; init; }
    public double? Seconds { get; init; }
    public double? Factor { get; init; }
    public int? RetryAfter { get; init; }
    public int? Status { get; init; }
    public string? Code { get; init; }
    public string? Message { get; init; }
    public string? Location { get; init; }
}

/// <summary>A rule in force, counting its occasions.</summary>
internal sealed class Scenario(int id, ScenarioRule rule)
{
    private readonly Lock _gate = new();
    private readonly Random? _random = rule.Probability is null ? null : new Random(rule.Seed ?? 0);

    public int Id => id;
    public ScenarioRule Rule => rule;
    public int Occasions { get; private set; }
    public int Applied { get; private set; }

    public bool Fits(string effect, string? model, ApiKey? key, string? route) =>
        rule.Effect == effect
        && (rule.Model is null || rule.Model == model)
        && (rule.Key is null || rule.Key == key?.Prefix || rule.Key == key?.Id)
        && (route is null || (rule.Route ?? ApiRoute.Submit) is var wanted && (wanted == "any" || wanted == route));

    public bool Apply()
    {
        lock (_gate)
        {
            Occasions++;
            var applies = (rule.First is not { } first || Occasions <= first)
                && (rule.Every is not { } every || Occasions % every == 0)
                && (_random is null || _random.NextDouble() < rule.Probability);
            if (applies)
                Applied++;
            return applies;
        }
    }
}
