using ClipiaFlows.LocalRuntime.Tests.Support;

namespace ClipiaFlows.LocalRuntime.Tests.Durable;

// The behaviour of the engine must be the same when nothing is kept in memory: the same tests once more, replaying.

[AlwaysReplay]
public sealed class ReplayedActivityTests : ActivityTests;

[AlwaysReplay]
public sealed class ReplayedClientTests : ClientTests;

[AlwaysReplay]
public sealed class ReplayedContinueAsNewTests : ContinueAsNewTests;

[AlwaysReplay]
public sealed class ReplayedDeterminismTests : DeterminismTests;

[AlwaysReplay]
public sealed class ReplayedExternalEventTests : ExternalEventTests;

[AlwaysReplay]
public sealed class ReplayedMalformedInputTests : MalformedInputTests;

[AlwaysReplay]
public sealed class ReplayedQueryTests : QueryTests;

[AlwaysReplay]
public sealed class ReplayedRecoveryTests : RecoveryTests;

[AlwaysReplay]
public sealed class ReplayedRetryTests : RetryTests;

[AlwaysReplay]
public sealed class ReplayedStartTests : StartTests;

[AlwaysReplay]
public sealed class ReplayedSubOrchestrationTests : SubOrchestrationTests;

[AlwaysReplay]
public sealed class ReplayedTimerTests : TimerTests;

[AlwaysReplay]
public sealed class ReplayedVersionTests : VersionTests;
