namespace ClipiaFlows.Durable;

/// <summary>The durable name of an activity, carrying the types that travel under it.</summary>
/// <param name="Name">The name under which calls are stored; never renamed while instances exist.</param>
/// <typeparam name="TInput">The input that travels under that name.</typeparam>
/// <typeparam name="TOutput">The answer that travels back.</typeparam>
public readonly record struct Activity<TInput, TOutput>(string Name);
