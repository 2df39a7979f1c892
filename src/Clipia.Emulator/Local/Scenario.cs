using System.Globalization;

namespace Clipia.Emulator;

/// <summary>One rule of misbehaviour as it is posted. An occasion is a call, a generation, a webhook or a media fetch that the filters fit.</summary>
internal sealed record ScenarioRule
{
    public string Effect { get; init; } = "";

    public string? Model { get; init; }

    /// <summary>A key, its prefix or its id. A key itself is replaced by its id, so that no list shows it.</summary>
    public string? Key { get; init; }

    /// <summary>For effects on calls: submit (the default), estimate, status, result, models, model, account or any.</summary>
    public string? Route { get; init; }

    /// <summary>Only generations with this seed in their input.</summary>
    public long? InputSeed { get; init; }

    /// <summary>Not the first n occasions; the others count from there.</summary>
    public int? After { get; init; }

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

    public bool Fits(string effect, Occasion occasion) =>
        rule.Effect == effect
        && (rule.Model is null || rule.Model == occasion.Model)
        && (rule.Key is null || rule.Key == occasion.Key?.Prefix || rule.Key == occasion.Key?.Id)
        && (occasion.Route is null || (rule.Route ?? ApiRoute.Submit) is var wanted && (wanted == ApiRoute.Any || wanted == occasion.Route))
        && (rule.InputSeed is not { } seed || occasion.Seed == seed.ToString(CultureInfo.InvariantCulture));

    public bool Apply()
    {
        lock (_gate)
        {
            Occasions++;
            var counted = Occasions - (rule.After ?? 0);
            var applies = counted > 0
                && (rule.First is not { } first || counted <= first)
                && (rule.Every is not { } every || counted % every == 0)
                && (_random is null || _random.NextDouble() < rule.Probability);
            if (applies)
                Applied++;
            return applies;
        }
    }
}
