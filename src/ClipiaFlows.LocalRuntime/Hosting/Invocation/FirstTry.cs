using Microsoft.Azure.Functions.Worker;

namespace ClipiaFlows.LocalRuntime.Hosting.Invocation;

/// <summary>No trigger here has a retry policy of the host; durable retries are new invocations.</summary>
internal sealed class FirstTry : RetryContext
{
    public static readonly FirstTry Instance = new();

    public override int RetryCount => 0;

    public override int MaxRetryCount => 0;
}
