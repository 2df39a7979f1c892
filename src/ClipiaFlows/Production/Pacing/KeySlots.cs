namespace ClipiaFlows.Production.Pacing;

/// <summary>Slots of the API key that a batch was granted.</summary>
/// <param name="Turns">For each, the moment from which its submission may be sent.</param>
/// <param name="OthersHoldSome">Whether other batches hold slots, which they may give back at any time.</param>
/// <param name="MayClaim">Other batches that wait and for which slots are free now: they should look again.</param>
public sealed record KeySlots(IReadOnlyList<DateTimeOffset> Turns, bool OthersHoldSome, IReadOnlyList<string> MayClaim);
