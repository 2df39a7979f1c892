using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Rows;

/// <summary>Row <c>E|from|to</c>: job <see cref="To"/> needs job <see cref="From"/>. Written by planning, never changed.</summary>
public sealed class EdgeRow : Row
{
    /// <summary>The job that is needed.</summary>
    public int From { get; set; }

    /// <summary>The job that needs it.</summary>
    public int To { get; set; }

    /// <summary>Whether <see cref="From"/> must only have ended, whatever became of it.</summary>
    public bool Soft { get; set; }
}
