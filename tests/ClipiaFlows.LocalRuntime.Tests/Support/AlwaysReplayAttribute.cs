using System.Reflection;
using Xunit.Sdk;

namespace ClipiaFlows.LocalRuntime.Tests.Support;

/// <summary>Makes every engine of the class's tests replay its instances from the beginning at every turn.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AlwaysReplayAttribute : BeforeAfterTestAttribute
{
    // A test and what it starts, and nothing beside it.
    private static readonly AsyncLocal<bool> Asked = new();

    /// <summary>ALWAYS_REPLAY=1 asks for it everywhere.</summary>
    public static bool IsOn => Asked.Value || Environment.GetEnvironmentVariable("ALWAYS_REPLAY") == "1";

    public override void Before(MethodInfo methodUnderTest) => Asked.Value = true;

    public override void After(MethodInfo methodUnderTest) => Asked.Value = false;
}
