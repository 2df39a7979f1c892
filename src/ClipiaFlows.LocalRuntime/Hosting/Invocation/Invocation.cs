namespace ClipiaFlows.LocalRuntime.Hosting.Invocation;

/// <summary>What a trigger gives to an invocation.</summary>
/// <param name="Trigger">The HttpContext, TimerInfo, ActivityCall or TaskOrchestrationContext.</param>
/// <param name="BindingData">What middleware may read about the trigger, such as route values.</param>
/// <param name="Services">The scope to use, when the trigger has one already.</param>
/// <param name="Cancellation">Ends when nobody waits for the result any longer, or when the host has to go.</param>
internal sealed record Invocation(
    object Trigger,
    IReadOnlyDictionary<string, object?> BindingData,
    IServiceProvider? Services,
    CancellationToken Cancellation);
