namespace ClipiaFlows.Durable;

/// <summary>
/// The durable state takes no start and no event at the moment, for example because its disk is full. What was written to
/// storage before stands, and the same call again goes on from there.
/// </summary>
public sealed class DurableStateException : Exception
{
    private DurableStateException(Exception reason)
        : base($"The durable state takes nothing at the moment: {reason.Message}", reason)
    {
    }

    /// <summary>Makes calls of the durable client. Which exception tells of trouble depends on the backend; that it is trouble does not.</summary>
    /// <exception cref="DurableStateException">One of them failed.</exception>
    internal static async Task ThrowOnTroubleAsync(Func<Task> calls)
    {
        try
        {
            await calls();
        }
        catch (Exception trouble) when (trouble is not OperationCanceledException)
        {
            throw new DurableStateException(trouble);
        }
    }
}
