using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Rows;

/// <summary>Row <c>Y</c>: a retry under way. Jobs are priced and made ready in pieces; nothing is claimed before it is through.</summary>
public sealed class RetryRow : Row
{
    /// <summary>The key of the only such row of a batch.</summary>
    public const string Key = "Y";

    /// <summary>The operation that wants it.</summary>
    public string Operation { get; set; } = "";

    /// <summary>A JSON array of the ids of the jobs meant; <c>null</c> for all.</summary>
    public string? JobsJson { get; set; }

    /// <summary>Whether jobs whose files could not be stored are paid for again instead of collected.</summary>
    public bool BuyAgain { get; set; }

    /// <summary>Jobs with a lower number have been looked at in this pass.</summary>
    public int Next { get; set; }

    /// <summary>
    /// The second pass: jobs that were to wait again and need one that will not run are skipped again.
    /// </summary>
    public bool Checks { get; set; }

    /// <summary>Jobs that run again.</summary>
    public int Jobs { get; set; }

    /// <summary>Those of them that only collect files which are paid for.</summary>
    public int Collects { get; set; }

    /// <summary>What they cost, by the API's estimates.</summary>
    public string Credits { get; set; } = "0";
}
