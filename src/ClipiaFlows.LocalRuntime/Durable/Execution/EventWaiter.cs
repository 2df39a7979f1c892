namespace ClipiaFlows.LocalRuntime.Durable.Execution;

/// <summary>One pending WaitForExternalEvent.</summary>
internal abstract class EventWaiter
{
    public abstract Type EventType { get; }

    public abstract bool IsOpen { get; }

    /// <returns>False when it was cancelled before: the event is still to be had.</returns>
    public abstract bool Receive(string? payload);
}

internal sealed class EventWaiter<T> : EventWaiter
{
    private readonly TaskCompletionSource<T> _source = new();

    public Task<T> Task => _source.Task;

    public override Type EventType => typeof(T);

    public override bool IsOpen => !_source.Task.IsCompleted;

    public void Cancel(CancellationToken cancellation) => _source.TrySetCanceled(cancellation);

    public override bool Receive(string? payload)
    {
        T value;
        try
        {
            value = Payload.Deserialize<T>(payload)!;
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or NotSupportedException)
        {
            return _source.TrySetException(exception);
        }

        return _source.TrySetResult(value);
    }
}
