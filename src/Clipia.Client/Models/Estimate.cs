namespace Clipia;

/// <summary>What a submission of the same input would cost. Nothing is queued, reserved or charged.</summary>
/// <param name="Credits">The price.</param>
public sealed record Estimate(decimal Credits) : ClipiaAnswer
{
    internal static Estimate Read(Answer answer) =>
        new(answer.Raw.Credits("credits") ?? throw answer.Unreadable("has no credits"))
        {
            Raw = answer.Raw,
            RateLimit = answer.RateLimit,
        };
}
