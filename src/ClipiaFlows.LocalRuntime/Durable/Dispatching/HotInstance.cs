using ClipiaFlows.LocalRuntime.Durable.Execution;
using ClipiaFlows.LocalRuntime.Durable.Storage;

namespace ClipiaFlows.LocalRuntime.Durable.Dispatching;

/// <summary>An instance between two turns: how it is stored, and its executor, which needs no replay.</summary>
internal sealed record HotInstance(InstanceRow Row, OrchestratorExecutor Executor);
