using ClipiaFlows.LocalRuntime.Hosting.Invocation;

namespace ClipiaFlows.LocalRuntime.Hosting.Discovery;

/// <summary>Finds the value of one parameter for one invocation. A value that does not fit throws.</summary>
internal delegate ValueTask<object?> ArgumentSource(LocalFunctionContext context);
