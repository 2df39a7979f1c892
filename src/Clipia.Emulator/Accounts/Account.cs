namespace Clipia.Emulator;

/// <summary>
/// Credits of one account. Always: balance + reserved + charged = granted. Changed only under the desk's lock.
/// </summary>
internal sealed class Account(string id, long granted)
{
    public string Id { get; } = id;
    public long Granted { get; private set; } = granted;
    public long Reserved { get; private set; }
    public long Charged { get; private set; }
    public long Refunded { get; private set; }
    public long Balance => Granted - Reserved - Charged;

    public void Grant(long credits) => Granted += credits;

    public void Reserve(long credits) => Reserved += credits;

    public void Charge(long credits)
    {
        Reserved -= credits;
        Charged += credits;
    }

    public void Refund(long credits)
    {
        Reserved -= credits;
        Refunded += credits;
    }
}
