namespace ClipiaFlows.Production.Pacing;

/// <summary>Slots of the API key that a batch was granted.</summary>
/// <param name="Turns">For each, the moment from which its submission may be sent.</param>
/// <param name="OthersHoldSome">Whether other batches hold slots, which they may give back at any time.</param>
public sealed record KeySlots(IReadOnlyList<DateTimeOffset> Turns, bool OthersHoldSome);
