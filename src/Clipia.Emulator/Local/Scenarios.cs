namespace Clipia.Emulator;

/// <summary>The misbehaviour that is switched on. Kept in memory: a restart behaves well again.</summary>
internal sealed class Scenarios
{
    private readonly Lock _gate = new();
    private volatile Scenario[] _active = [];
    private int _lastId;

    public IReadOnlyList<Scenario> Active => _active;

    public Scenario Add(ScenarioRule rule)
    {
        lock (_gate)
        {
            var scenario = new Scenario(++_lastId, rule);
            _active = [.. _active, scenario];
            return scenario;
        }
    }

    public bool Remove(int id)
    {
        lock (_gate)
        {
            var before = _active.Length;
            _active = [.. _active.Where(scenario => scenario.Id != id)];
            return _active.Length < before;
        }
    }

    public void Clear() => _active = [];

    /// <summary>The first rule that applies on this occasion. Every rule that fits counts it.</summary>
    public ScenarioRule? Match(string effect, Occasion occasion)
    {
        ScenarioRule? match = null;
        foreach (var scenario in _active)
        {
            if (scenario.Fits(effect, occasion) && scenario.Apply())
                match ??= scenario.Rule;
        }
        return match;
    }
}
