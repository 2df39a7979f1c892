using Microsoft.DurableTask;

namespace ClipiaFlows.LocalRuntime.Durable.Execution;

/// <summary>Failures that the engine itself makes, with the type names that the genuine libraries give them.</summary>
internal static class FailureTypes
{
    private const string ActivityNotFound = "ActivityTaskNotFound";
    private const string OrchestratorNotFound = "OrchestratorTaskNotFound";
    private const string NonDeterminism = "DurableTask.Core.Exceptions.NonDeterministicOrchestrationException";

    public static TaskFailureDetails NoSuchActivity(string name) =>
        new(ActivityNotFound, $"No activity task named '{name}' was found.", null, null, null);

    public static TaskFailureDetails NoSuchOrchestrator(string name) =>
        new(OrchestratorNotFound, $"No orchestrator task named '{name}' was found.", null, null, null);

    public static TaskFailureDetails Differs(string message) => new(NonDeterminism, message, null, null, null);

    public static TaskFailureDetails VersionMismatch() =>
        new("VersionMismatch", "Orchestration version did not comply with Worker Versioning", null, null, null);

    /// <summary>What is left of an activity's exception on the real Azure Functions host.</summary>
    public static TaskFailureDetails WithoutType(Exception exception) => new("(unknown)", exception.Message, null, null, null);

    /// <summary>A failed task carries its own details; they become the inner failure.</summary>
    public static TaskFailureDetails From(Exception exception)
    {
        var details = WithFullNames(TaskFailureDetails.FromException(exception), exception);
        return exception is TaskFailedException failed ? details with { InnerFailure = failed.FailureDetails } : details;
    }

    // A generic exception's full name holds the assemblies of its arguments; without them IsCausedBy does not find the type.
    private static TaskFailureDetails WithFullNames(TaskFailureDetails details, Exception exception) => details with
    {
        ErrorType = exception.GetType().FullName ?? details.ErrorType,
        InnerFailure = details.InnerFailure is { } inner && exception.InnerException is { } cause
            ? WithFullNames(inner, cause)
            : details.InnerFailure,
    };

    /// <summary>Asking again cannot help.</summary>
    public static bool IsFinal(TaskFailureDetails failure) => failure.ErrorType is ActivityNotFound or OrchestratorNotFound;
}
