using System.Reflection;

namespace ClipiaFlows.Tests.Builds;

/// <summary>Everything that types show to others, member by member, as lines to compare with an approved text.</summary>
internal static class Surface
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.Instance | BindingFlags.Static;

    public static string[] Of(IEnumerable<Type> types) => [.. types.SelectMany(Lines).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Lines(Type type) => type.IsEnum
        ? Enum.GetNames(type).Select(name => $"{type} {name} = {Enum.Parse(type, name):D}")
        : type.GetMembers(Declared).Where(IsShown).Select(member => $"{type} {Line(member)}");

    private static bool IsShown(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily,
        FieldInfo field => field.IsPublic || field.IsFamily,
        _ => false,
    };

    private static string Line(MemberInfo member) => member switch
    {
        MethodInfo method => $"{Modifiers(method)}{Returned(method)} {method.Name}{Generics(method)}({Parameters(method)})",
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
        var constraints = argument.GetGenericParameterConstraints().Select(constraint => Name(constraint));
        return $"{argument.Name}: {kind} {string.Join(", ", constraints)}".TrimEnd();
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{(parameter.IsOut ? "out " : "")}{Name(parameter.ParameterType, Nullability(parameter))} {parameter.Name}{Default(parameter)}"));

    private static string Returned(MethodInfo method) => Name(method.ReturnType, Nullability(method.ReturnParameter));

    // One context each: it caches, and is not made for several threads.
    private static NullabilityInfo Nullability(ParameterInfo parameter) => new NullabilityInfoContext().Create(parameter);

    private static string Default(ParameterInfo parameter) =>
        parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "default"}" : "";

    private static string Name(Type type, NullabilityInfo? nullability = null)
    {
        var arguments = nullability?.GenericTypeArguments is { Length: > 0 } known
            ? known.Select(argument => Name(argument.Type, argument))
            : type.GetGenericArguments().Select(argument => Name(argument));
        var name = type.IsGenericType
            ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", arguments)}>"
            : type.Name;
        return nullability is { ReadState: NullabilityState.Nullable } && !type.IsValueType ? name + "?" : name;
    }
}
