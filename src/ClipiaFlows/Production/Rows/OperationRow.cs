using ClipiaFlows.Production.Commands;
using ClipiaFlows.Stores;

namespace ClipiaFlows.Production.Rows;

/// <summary>
/// Row <c>P|operation</c>: a command and what became of it. Added in one transaction with the <see cref="CommandRow"/>, so
/// that the same operation id is the same operation.
/// </summary>
public sealed class OperationRow : Row
{
    /// <summary>What is wanted.</summary>
    public CommandKind Kind { get; set; }

    /// <summary>The command's arguments, to tell a repetition from another command under the same id.</summary>
    public string Arguments { get; set; } = "";

    /// <summary>When it was issued.</summary>
    public DateTimeOffset IssuedAt { get; set; }

    /// <summary>Where it stands.</summary>
    public OperationStatus Status { get; set; }

    /// <summary>When it was decided.</summary>
    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>Why it was refused, as a code.</summary>
    public string? Code { get; set; }

    /// <summary>What came of it, for people.</summary>
    public string? Message { get; set; }
}
