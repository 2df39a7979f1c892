namespace ClipiaFlows.Production;

/// <summary>How long generations of a model take.</summary>
/// <param name="Mean">On average.</param>
/// <param name="Spread">How far from that they are, on average.</param>
public sealed record UsualDuration(TimeSpan Mean, TimeSpan Spread)
{
    private const double WeightOfNews = 0.1;

    /// <summary>Takes one more into account; the first ones count as much as each other.</summary>
    /// <param name="duration">How long it took.</param>
    /// <param name="known">How many have been taken into account before.</param>
    internal UsualDuration With(TimeSpan duration, int known)
    {
        var weight = Math.Max(WeightOfNews, 1.0 / (known + 1));
        return new(Mean + ((duration - Mean) * weight), Spread + (((duration - Mean).Duration() - Spread) * weight));
    }

    /// <summary>What is made of the only one that is known.</summary>
    internal static UsualDuration OfOne(TimeSpan duration) => new(duration, duration / 4);
}
