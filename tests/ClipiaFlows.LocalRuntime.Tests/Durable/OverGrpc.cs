using ClipiaFlows.LocalRuntime.Tests.Support;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

// What a client can do in the engine's process, a worker can do over gRPC: the same tests once more, with the genuine client.

[OverGrpc]
public sealed class ClientTestsOverGrpc : ClientTests;

[OverGrpc]
public sealed class ExternalEventTestsOverGrpc : ExternalEventTests;

[OverGrpc]
public sealed class QueryTestsOverGrpc : QueryTests;

[OverGrpc]
public sealed class StartTestsOverGrpc : StartTests;

[OverGrpc]
public sealed class SubOrchestrationTestsOverGrpc : SubOrchestrationTests;

[OverGrpc]
public sealed class VersionTestsOverGrpc : VersionTests;
