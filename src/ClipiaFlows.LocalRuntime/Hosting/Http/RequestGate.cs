namespace ClipiaFlows.LocalRuntime.Hosting.Http;

/// <summary>
/// Holds requests back until everything behind the functions runs: the port is taken first, so that no durable work
/// starts in a process that cannot be called back.
/// </summary>
internal sealed class RequestGate
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Opened => _opened.Task;

    public void Open() => _opened.TrySetResult();
}
