namespace ClipiaFlows.Durable;

/// <summary>The durable name of an orchestration, carrying the type of its input.</summary>
/// <param name="Name">The name under which instances are stored; never renamed while instances exist.</param>
/// <typeparam name="TInput">The input that travels under that name.</typeparam>
public readonly record struct Flow<TInput>(string Name);
