namespace ClipiaFlows.Production.Commands;

/// <summary>What can be wanted of a batch.</summary>
public enum CommandKind
{
    /// <summary>Submit nothing more until somebody says so; collect what is paid for.</summary>
    Pause,

    /// <summary>Go on.</summary>
    Resume,

    /// <summary>Submit nothing more at all; collect what is paid for.</summary>
    Cancel,

    /// <summary>Submit nothing more at all; leave what is being generated. It is paid for all the same.</summary>
    Abandon,

    /// <summary>Run failed, skipped and unresolved jobs again.</summary>
    Retry,

    /// <summary>Release the jobs that wait for the sample's approval.</summary>
    Approve,

    /// <summary>Drop them.</summary>
    Reject,

    /// <summary>Forget the batch.</summary>
    Delete,
}

/// <summary>Where a command stands.</summary>
public enum OperationStatus
{
    /// <summary>Not decided yet.</summary>
    Pending,

    /// <summary>It took effect.</summary>
    Done,

    /// <summary>The batch was in no state for it.</summary>
    Refused,
}
