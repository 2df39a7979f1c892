using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Rows;

/// <summary>Row <c>G|from|to</c>: job <see cref="To"/> waits for job <see cref="From"/>. Written by planning, never changed.</summary>
public sealed class EdgeRow : Row
{
    /// <summary>The job that is waited for.</summary>
    public int From { get; set; }

    /// <summary>The job that waits.</summary>
    public int To { get; set; }

    /// <summary>True when it waits only for the end, whatever it is; false when it needs the other to succeed.</summary>
    public bool Soft { get; set; }
}
