namespace ClipiaFlows.Production.Pacing;

/// <summary>Slots of the API key that a batch was granted.</summary>
/// <param name="Turns">For each, the moment from which its submission may be sent.</param>
/// <param name="OthersTurn">Other batches whose turn has come: they are to be woken.</param>
public sealed record KeySlots(IReadOnlyList<DateTimeOffset> Turns, IReadOnlyList<string> OthersTurn);
