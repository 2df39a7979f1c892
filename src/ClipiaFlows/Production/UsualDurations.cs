using System.Collections.Concurrent;

namespace ClipiaFlows.Production;

/// <summary>
/// How long generations of a model usually take, learned from those that this process saw end and from what
/// <see cref="DurationMemory"/> kept of earlier ones; and how often a delivery is lost. Only the moment of polls and
/// forecasts depend on it.
/// </summary>
public sealed class UsualDurations
{
    private const double WeightOfADelivery = 0.03;
    private const double ManyAreLost = 0.03;
    private static readonly UsualDuration UnknownImage = UsualDuration.OfOne(TimeSpan.FromSeconds(8));
    private static readonly UsualDuration UnknownVideo = UsualDuration.OfOne(TimeSpan.FromSeconds(25));
    private readonly ConcurrentDictionary<string, (UsualDuration Usual, int Count)> _byModel = new(StringComparer.Ordinal);
    private double _lostShare;

    /// <summary>What is known, by model.</summary>
    public IReadOnlyDictionary<string, UsualDuration> All =>
        _byModel.ToDictionary(model => model.Key, model => model.Value.Usual, StringComparer.Ordinal);

    /// <summary>Whether of the latest deliveries so many were lost that results had better be asked for.</summary>
    public bool LosesDeliveries => _lostShare > ManyAreLost;

    /// <summary>Takes a finished generation into account.</summary>
    public void Learn(string model, TimeSpan duration)
    {
        if (duration > TimeSpan.Zero)
            _byModel.AddOrUpdate(model, (UsualDuration.OfOne(duration), 1), (_, known) => (known.Usual.With(duration, known.Count), known.Count + 1));
    }

    /// <summary>Takes into account that a delivery came, or that the result was there and none had come.</summary>
    public void LearnDelivery(bool isLost) => _lostShare += ((isLost ? 1 : 0) - _lostShare) * WeightOfADelivery;

    /// <summary>Takes what was known earlier, where nothing newer is.</summary>
    public void Remember(string model, UsualDuration duration)
    {
        if (duration.Mean > TimeSpan.Zero)
            _byModel.TryAdd(model, (duration, 1));
    }

    /// <summary>The usual duration; before any is known, a guess by the kind of media.</summary>
    public UsualDuration Of(string model, bool isVideo) =>
        _byModel.TryGetValue(model, out var known) ? known.Usual : isVideo ? UnknownVideo : UnknownImage;
}
