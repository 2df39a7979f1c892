using ClipiaFlows.LocalRuntime.Hosting.Discovery;

namespace ClipiaFlows.LocalRuntime.Hosting.Http;

/// <param name="Function">The function behind the route.</param>
/// <param name="Route">The whole template, prefix included.</param>
/// <param name="Methods">The methods that it answers, in capitals.</param>
/// <param name="ShownMethods">The methods that its trigger lists; empty when it lists none and answers all.</param>
internal sealed record HttpFunction(FunctionMethod Function, string Route, string[] Methods, string[] ShownMethods);
