using Microsoft.Extensions.Logging;

namespace Microsoft.DurableTask;

/// <summary>The factory that a context hands out; it does not own the factory that it wraps.</summary>
internal sealed class ReplaySafeLoggerProxy(TaskOrchestrationContext context, Func<ILoggerFactory> wrapped) : ILoggerFactory
{
    public ILoggerFactory Wrapped => wrapped();

    public ILogger CreateLogger(string categoryName) => context.CreateReplaySafeLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("Adding providers to the replay-safe logger factory is not supported.");

    public void Dispose()
    {
    }
}
