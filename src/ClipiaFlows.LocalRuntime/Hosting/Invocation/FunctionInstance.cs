using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace ClipiaFlows.LocalRuntime.Hosting.Invocation;

/// <summary>Constructs function classes with services of the invocation's scope.</summary>
internal static class FunctionInstance
{
    public static Func<IServiceProvider, object>? CreateFactory(MethodInfo method)
    {
        if (method.IsStatic)
            return null;
        // Made at the first invocation: a class that cannot be constructed is told by MissingServices before that.
        var factory = new Lazy<ObjectFactory>(() => ActivatorUtilities.CreateFactory(method.DeclaringType!, []));
        return services => factory.Value(services, null);
    }

    /// <summary>What the class needs and nobody registered.</summary>
    public static IEnumerable<Type> MissingServices(Type type, IServiceProviderIsService registered)
    {
        var constructors = type.GetConstructors();
        var constructor = constructors.Length == 1
            ? constructors[0]
            : constructors.FirstOrDefault(each => each.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute)));
        return constructor is null
            ? []
            : constructor.GetParameters()
                .Where(parameter => !parameter.HasDefaultValue && !parameter.IsDefined(typeof(FromKeyedServicesAttribute)))
                .Select(parameter => parameter.ParameterType)
                .Where(service => !registered.IsService(service));
    }
}
