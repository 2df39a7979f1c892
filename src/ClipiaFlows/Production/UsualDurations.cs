using System.Collections.Concurrent;

namespace ClipiaFlows.Production;

/// <summary>
/// How long generations of a model usually take, learned from those that this process saw end and from what
/// <see cref="DurationMemory"/> kept of earlier ones. Only the moment of polls and forecasts depend on it.
/// </summary>
public sealed class UsualDurations
{
    private const double WeightOfNews = 0.3;
    private static readonly TimeSpan UnknownImage = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan UnknownVideo = TimeSpan.FromSeconds(25);
    private readonly ConcurrentDictionary<string, TimeSpan> _byModel = new(StringComparer.Ordinal);

    /// <summary>What is known, by model.</summary>
    public IReadOnlyDictionary<string, TimeSpan> All => _byModel;

    /// <summary>Takes a finished generation into account.</summary>
    public void Learn(string model, TimeSpan duration)
    {
        if (duration > TimeSpan.Zero)
            _byModel.AddOrUpdate(model, duration, (_, known) => known + ((duration - known) * WeightOfNews));
    }

    /// <summary>Takes what was known earlier, where nothing newer is.</summary>
    public void Remember(string model, TimeSpan duration)
    {
        if (duration > TimeSpan.Zero)
            _byModel.TryAdd(model, duration);
    }

    /// <summary>The usual duration; before any is known, a guess by the kind of media.</summary>
    public TimeSpan Of(string model, bool isVideo) =>
        _byModel.TryGetValue(model, out var known) ? known : isVideo ? UnknownVideo : UnknownImage;
}
