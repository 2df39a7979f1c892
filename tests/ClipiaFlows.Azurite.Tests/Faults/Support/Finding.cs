namespace ClipiaFlows.Azurite.Tests.Faults;

/// <summary>What kind of thing does not agree.</summary>
internal enum Fault
{
    /// <summary>Something was paid that nobody asked for, or counted as paid that was not.</summary>
    Payment,

    /// <summary>A file is lost, doubled, or not what its row says.</summary>
    Output,

    /// <summary>A job or a row stands for something under way.</summary>
    NotEnded,

    /// <summary>A counter differs from the rows that it counts.</summary>
    Counter,

    /// <summary>The receipt says something else than the ledger and the rows.</summary>
    Receipt,

    /// <summary>It ended otherwise than the same campaign undisturbed.</summary>
    Outcome,

    /// <summary>It did not come to an end, or something goes on behind it.</summary>
    Unrest,
}

/// <summary>Something that does not agree, for people.</summary>
internal sealed record Finding(Fault Kind, string What);
