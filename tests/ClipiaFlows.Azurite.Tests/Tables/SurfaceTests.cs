using System.Reflection;
using Azure.Data.Tables;

namespace ClipiaFlows.Azurite.Tests.Tables;

/// <summary>
/// Everything that the stand-in shows, member by member. A line may be added to the approved text when the product needs
/// the member and the genuine library declares it exactly so.
/// </summary>
public sealed class SurfaceTests
{
    [Fact]
    public void StandIn_ShowsOnlyWhatIsApproved()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Tables");
        string[] shown = [.. typeof(TableClient).Assembly.GetExportedTypes().SelectMany(Lines).Order(StringComparer.Ordinal)];
        File.WriteAllLines(Path.Combine(folder, "Surface.received.txt"), shown);

        Assert.Equal(File.ReadAllLines(Path.Combine(folder, "Surface.approved.txt")), shown);
    }

    private static IEnumerable<string> Lines(Type type)
    {
        const BindingFlags declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic
            | BindingFlags.Instance | BindingFlags.Static;
        if (type.IsEnum)
            return Enum.GetNames(type).Select(name => $"{type} {name} = {Enum.Parse(type, name):D}");
        return type.GetMembers(declared).Where(IsShown).Select(member => $"{type} {Line(member)}");
    }

    private static bool IsShown(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily,
        PropertyInfo => false,
        FieldInfo field => field.IsPublic || field.IsFamily,
        _ => false,
    };

    private static string Line(MemberInfo member) => member switch
    {
        MethodInfo method => $"{Modifiers(method)}{Name(method.ReturnType)} {method.Name}{Generics(method)}({Parameters(method)})",
        ConstructorInfo constructor => $"{(constructor.IsFamily ? "protected " : "")}.ctor({Parameters(constructor)})",
        _ => member.ToString()!,
    };

    private static string Modifiers(MethodInfo method) =>
        (method.IsStatic ? "static " : "") + (method is { IsVirtual: true, IsFinal: false } ? "virtual " : "");

    private static string Generics(MethodInfo method) => method.IsGenericMethod
        ? $"<{string.Join(", ", method.GetGenericArguments().Select(Constraint))}>"
        : "";

    private static string Constraint(Type argument)
    {
        var kind = argument.GenericParameterAttributes & GenericParameterAttributes.SpecialConstraintMask;
        var constraints = argument.GetGenericParameterConstraints().Select(Name);
        return $"{argument.Name}: {kind} {string.Join(", ", constraints)}".TrimEnd();
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{(parameter.IsOut ? "out " : "")}{Name(parameter.ParameterType)} {parameter.Name}{Default(parameter)}"));

    private static string Default(ParameterInfo parameter) =>
        parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "default"}" : "";

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;
}
