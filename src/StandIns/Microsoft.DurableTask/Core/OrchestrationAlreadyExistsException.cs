namespace DurableTask.Core.Exceptions;

/// <summary>In the genuine libraries this comes from Microsoft.Azure.DurableTask.Core, which Abstractions brings along.</summary>
public class OrchestrationAlreadyExistsException : InvalidOperationException
{
    public OrchestrationAlreadyExistsException()
    {
    }

    public OrchestrationAlreadyExistsException(string message)
        : base(message)
    {
    }

    public OrchestrationAlreadyExistsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
