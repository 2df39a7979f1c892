namespace ClipiaFlows.Production.Pacing;

/// <summary>What a batch says of the slots of the API key.</summary>
/// <param name="Used">Slots that it uses.</param>
/// <param name="Wanted">Slots that it could use besides.</param>
/// <param name="Weight">How much it counts among other batches, above 0; 1 is usual.</param>
/// <param name="Asleep">How it sleeps if it gets none; <c>null</c> when it has something else to do.</param>
public readonly record struct SlotDemand(int Used, int Wanted, double Weight, SleepingJobs? Asleep = null);
