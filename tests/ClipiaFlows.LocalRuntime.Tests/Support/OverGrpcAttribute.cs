using System.Reflection;
using Xunit.Sdk;

namespace ClipiaFlows.LocalRuntime.Tests.Support;

/// <summary>Makes the class's tests use the engine as a worker process does: with the genuine gRPC client.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OverGrpcAttribute : BeforeAfterTestAttribute
{
    // A test and what it starts, but no test that runs concurrently.
    private static readonly AsyncLocal<bool> Asked = new();

    public static bool IsOn => Asked.Value;

    public override void Before(MethodInfo methodUnderTest) => Asked.Value = true;

    public override void After(MethodInfo methodUnderTest) => Asked.Value = false;
}
