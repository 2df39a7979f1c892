using Microsoft.DurableTask;

namespace ClipiaFlows.LocalRuntime.Durable.Execution;

/// <summary>One pending WaitForExternalEvent.</summary>
internal abstract class EventWaiter
{
    public abstract Type EventType { get; }

    public abstract bool IsOpen { get; }

    /// <returns>False when it was cancelled before: the event is still to be had.</returns>
    /// <exception cref="System.Text.Json.JsonException">The payload is no <see cref="EventType"/>.</exception>
    /// <exception cref="NullReferenceException">There is no payload, and <see cref="EventType"/> is a value type.</exception>
    public abstract bool Receive(string? payload);
}

internal sealed class EventWaiter<T>(DataConverter converter) : EventWaiter
{
    private readonly TaskCompletionSource<T> _source = new();

    public Task<T> Task => _source.Task;

    public override Type EventType => typeof(T);

    public override bool IsOpen => !_source.Task.IsCompleted;

    public void Cancel(CancellationToken cancellation) => _source.TrySetCanceled(cancellation);

    // The cast of nothing to a value type throws, as in the genuine library.
    public override bool Receive(string? payload) =>
        _source.TrySetResult(converter.Deserialize<T>(payload)!);
}
