using System.Collections.Concurrent;

namespace ClipiaFlows.Production;

/// <summary>
/// How long generations of a model usually take, learned from those that this process saw end. Only the moment of polls
/// depends on it, so that forgetting it at a restart costs nothing but a few calls.
/// </summary>
public sealed class UsualDurations
{
    private const double WeightOfNews = 0.3;
    private static readonly TimeSpan UnknownImage = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan UnknownVideo = TimeSpan.FromSeconds(25);
    private readonly ConcurrentDictionary<string, TimeSpan> _byModel = new(StringComparer.Ordinal);

    /// <summary>Takes a finished generation into account.</summary>
    public void Learn(string model, TimeSpan duration)
    {
        if (duration > TimeSpan.Zero)
            _byModel.AddOrUpdate(model, duration, (_, known) => known + ((duration - known) * WeightOfNews));
    }

    /// <summary>The usual duration; before any is known, a guess by the kind of media.</summary>
    public TimeSpan Of(string model, bool isVideo) =>
        _byModel.TryGetValue(model, out var known) ? known : isVideo ? UnknownVideo : UnknownImage;
}
