using System.Globalization;
using System.Reflection;
using System.Text.Json;
using ClipiaFlows.LocalRuntime.Hosting.Discovery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClipiaFlows.LocalRuntime.Hosting.Http;

/// <summary>Route values as parameters, converted as the genuine worker does: texts, GUIDs, dates, JSON for the rest.</summary>
internal static class RouteValue
{
    public static ArgumentSource Bind(ParameterInfo parameter, string name)
    {
        var type = parameter.ParameterType;
        var absent = parameter.HasDefaultValue ? parameter.DefaultValue
            : type.IsValueType ? Activator.CreateInstance(type)
            : null;
        return context =>
        {
            // A catch-all that matched nothing gives an empty text or no value at all.
            var value = ((HttpContext)context.Trigger).GetRouteValue(name);
            var text = Convert.ToString(value, CultureInfo.InvariantCulture);
            return new(value is null ? absent : Parse(text!, type));
        };
    }

    private static object? Parse(string text, Type type)
    {
        var target = Nullable.GetUnderlyingType(type) ?? type;
        if (target == typeof(string))
            return text;
        if (target == typeof(Guid))
            return Guid.Parse(text);
        if (target == typeof(DateTime))
            return DateTime.Parse(text, CultureInfo.InvariantCulture);
        if (target == typeof(DateTimeOffset))
            return DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
        return JsonSerializer.Deserialize(text, target);
    }
}
