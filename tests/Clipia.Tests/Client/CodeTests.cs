using System.Reflection;

namespace Clipia.Tests.Client;

/// <summary>Rules that the client's code keeps.</summary>
public sealed class CodeTests
{
    private static readonly Type[] Types =
        [.. typeof(ClipiaClient).Assembly.GetTypes().Where(type => type.FullName!.StartsWith("Clipia.", StringComparison.Ordinal) && !type.Name.Contains('<'))];

    [Fact]
    public void NoType_IsOpenForInheritanceByAccident() =>
        Assert.DoesNotContain(Types, type => type is { IsSealed: false, IsAbstract: false });

    [Fact]
    public void NoType_HasMutableStaticState() =>
        Assert.Empty(
            from type in Types
            from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            where field is { IsInitOnly: false, IsLiteral: false } && !field.Name.StartsWith('<')
            select $"{type}.{field.Name}");

    [Fact]
    public void EveryPublicCall_TakesACancellationTokenLast() =>
        Assert.Empty(
            from type in Types
            where type.IsPublic
            from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
            where method.Name.EndsWith("Async", StringComparison.Ordinal)
            let last = method.GetParameters().LastOrDefault()
            where last?.ParameterType != typeof(CancellationToken) || !last.HasDefaultValue
            select $"{type}.{method.Name}");

    [Fact]
    public void Assembly_ReferencesNothingOfOurs() =>
        Assert.DoesNotContain(
            typeof(ClipiaClient).Assembly.GetReferencedAssemblies(),
            name => name.Name!.StartsWith("Clipia", StringComparison.Ordinal));
}
