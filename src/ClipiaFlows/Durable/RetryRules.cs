using Microsoft.DurableTask;

namespace ClipiaFlows.Durable;

/// <summary>The patience of the flows. Blips of the API are retried by <c>Clipia.Client</c>, and nowhere else.</summary>
internal static class RetryRules
{
    /// <summary>
    /// For accidents of storage: five tries within about 45 seconds. Expected answers are results, not exceptions, so
    /// this rule never decides about money.
    /// </summary>
    public static TaskOptions Accidents { get; } = TaskOptions.FromRetryPolicy(
        new RetryPolicy(5, TimeSpan.FromSeconds(3), 2, TimeSpan.FromSeconds(30)));
}
